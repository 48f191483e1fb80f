import type { StepUp } from "@handrail/protocol";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

export type Me = components["schemas"]["Me"];
export type Record = components["schemas"]["Record"];
export type RecordPage = components["schemas"]["RecordPage"];
export type Monitor = components["schemas"]["Monitor"];
/** A colleague asks the person into a session. */
export type Invitation = components["schemas"]["Invitations"]["invitations"][number];
export type Day = components["schemas"]["Day"];
export type SignIn = components["schemas"]["SignIn"];

/** The relay of this page. The header tells it that no foreign page sent the request. */
export const api = createClient<paths>({ baseUrl: "/", credentials: "same-origin", headers: { "X-Handrail": "1" } });

/** What the relay said instead of an answer; `status` 0 is a relay that cannot be reached. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  readonly status: number;
  /** Such as `RH-1702`. */
  readonly code: string;
  /** The field of the request that it is about, if it is one. */
  readonly field: string | null;
  /** The sign-in that would fulfil the rule that refuses, if one would (SPEC 6.8). */
  readonly stepUp: StepUp | null;

  constructor(status: number, code: string, text: string, more: { field?: string; stepUp?: StepUp } = {}) {
    super(text);
    this.status = status;
    this.code = code;
    this.field = more.field ?? null;
    this.stepUp = more.stepUp ?? null;
  }
}

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

function refusal(status: number, body: unknown): RefusedError {
  if (typeof body === "object" && body !== null && "fault" in body && "text" in body) {
    const { field, step_up: stepUp } = body as { field?: string; step_up?: StepUp };
    const more = { ...(field !== undefined && { field }), ...(stepUp !== undefined && { stepUp }) };
    return new RefusedError(status, String(body.fault), String(body.text), more);
  }
  return unreachable();
}

function unreachable(): RefusedError {
  return new RefusedError(0, "RH-1506", "The relay cannot be reached. Check the network and the relay's address.");
}

/** A one-time ticket for a session. */
export async function ticket(): Promise<string> {
  const answer = await answered(api.POST("/api/v1/tickets"));
  return answer.ticket;
}
