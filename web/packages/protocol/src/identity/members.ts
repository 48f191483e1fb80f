// The members of a JSON object, each name once. RFC 7515 lets a reader take the last of two, and two readers that differ in this
// can be told two different things by one text.

import { text } from "../reader.ts";
import type { Members } from "../shape.ts";

/** The members of the one object in these bytes; null if it is none, or a name stands twice at its top. */
export function membersOnce(bytes: Uint8Array): Members | null {
  try {
    const json = text(bytes);
    const value: unknown = JSON.parse(json);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
    const members = new Map<string, unknown>(Object.entries(value));
    return countNames(json) === members.size ? members : null;
  } catch {
    return null;
  }
}

/** Names at the top of a well-formed object: every colon there stands behind one. */
function countNames(json: string): number {
  let [depth, names] = [0, 0];
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/g)) {
    if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth -= 1;
    else if (token === ":" && depth === 1) names += 1;
  }
  return names;
}
