// The relay's answers to a page, or what it said instead of one.

import type { StepUp } from "@handrail/protocol";

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

/** Reads the body of an answer that is none. */
export function refusal(status: number, body: unknown): RefusedError {
  if (typeof body === "object" && body !== null && "fault" in body && "text" in body) {
    const { field, step_up: stepUp } = body as { field?: string; step_up?: StepUp };
    const more = { ...(field !== undefined && { field }), ...(stepUp !== undefined && { stepUp }) };
    return new RefusedError(status, String(body.fault), String(body.text), more);
  }
  return unreachable();
}

export function unreachable(): RefusedError {
  return new RefusedError(0, "RH-1506", "The relay cannot be reached. Check the network and the relay's address.");
}

/** Asks the relay of this page. The header tells it that no foreign page sent the request. Rejects with a `RefusedError`. */
export async function ask<Answer>(method: "GET" | "POST" | "DELETE", path: string, headers = {}): Promise<Answer> {
  const request = fetch(path, { method, credentials: "same-origin", headers: { "X-Handrail": "1", ...headers } });
  const response = await request.catch(() => {
    throw unreachable();
  });
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body as Answer;
  throw refusal(response.status, body);
}
