import { refusal, unreachable } from "@handrail/sign-in";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

export type Me = components["schemas"]["Me"];
export type Record = components["schemas"]["Record"];
export type RecordPage = components["schemas"]["RecordPage"];
export type Monitor = components["schemas"]["Monitor"];
/** A colleague asks the person into a session. */
export type Invitation = components["schemas"]["Invitations"]["invitations"][number];
export type Day = components["schemas"]["Day"];

export { RefusedError } from "@handrail/sign-in";

/** The relay of this page. The header tells it that no foreign page sent the request. */
export const api = createClient<paths>({ baseUrl: "/", credentials: "same-origin", headers: { "X-Handrail": "1" } });

interface Answer<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** The data of an answer; everything else is thrown as a `RefusedError`. */
export async function answered<Data>(request: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await request.catch(() => {
    throw unreachable();
  });
  if (response.ok && error === undefined) return data as Data;
  throw refusal(response.status, error);
}

/** A one-time ticket for a session. */
export async function ticket(): Promise<string> {
  const answer = await answered(api.POST("/api/v1/tickets"));
  return answer.ticket;
}
