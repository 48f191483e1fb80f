// Messages between a client and the relay: JSON, one a frame (SPEC 6).

import { type Bytes, utf8 } from "./bytes.ts";
import type { FromRelay } from "./message/from-relay.ts";
import type { ToRelay } from "./message/to-relay.ts";

/** The version of the relay protocol. */
export const PROTOCOL = 1;

/** The text of a message, as it stands behind the kind byte. */
export function encodeMessage(message: ToRelay | FromRelay): Bytes {
  return utf8(JSON.stringify(message));
}
