// What an end says about itself inside the handshake: its role and its program.

import { type Bytes, utf8 } from "../bytes.ts";
import { MAX_CLIENT, type Role } from "../message.ts";
import { Malformed } from "../reader.ts";
import * as shape from "../shape.ts";

export interface Credential {
  readonly role: Role;
  readonly client: string;
}

export function encodeCredential(credential: Credential): Bytes {
  return utf8(JSON.stringify(credential));
}

/** Reads the peer's. Null if it is none, or claims our own role. */
export function decodeCredential(bytes: Bytes, ours: Role): Credential | null {
  try {
    const from = shape.parseObject(bytes);
    const role = shape.oneOf<Role>(from.get("role"), ["helper", "sharer"]);
    return role === ours ? null : { role, client: shape.string(from.get("client"), MAX_CLIENT) };
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}
