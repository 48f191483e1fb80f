// How a person signs in anew so that a rule is fulfilled (RFC 9470, SPEC 6.8).

import { Malformed } from "./reader.ts";
import * as shape from "./shape.ts";

const MAX_ACR_VALUES = 16;
const MAX_ACR = 200;
/** What stands between the spaces of `acr_values` (RFC 6749, appendix A). */
const VALUE = /^[!#-[\]-~]+$/;

/** What the fresh sign-in has to ask the provider for. */
export interface StepUp {
  /** One of these ways to sign in, the most welcome first; left out if any will do. */
  readonly acr_values?: readonly string[];
  /** At most this many seconds ago. */
  readonly max_age?: number;
}

/** Reads one, if it is there. */
export function stepUp(value: unknown): { step_up?: StepUp } {
  if (value === undefined || value === null) return {};
  const members = shape.object(value);
  const [ways, age] = [members.get("acr_values"), members.get("max_age")];
  return {
    step_up: {
      ...(ways !== undefined && { acr_values: shape.list(ways, MAX_ACR_VALUES).map(way) }),
      ...(age !== undefined && age !== null && { max_age: shape.integer(age, shape.U32) }),
    },
  };
}

function way(value: unknown): string {
  const found = shape.string(value, MAX_ACR);
  if (!VALUE.test(found)) throw Malformed.message();
  return found;
}
