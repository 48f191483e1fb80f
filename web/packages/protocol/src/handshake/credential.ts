// What an end says about itself inside the handshake, sealed (SPEC 8.5).

import { type Bytes, utf8 } from "../bytes.ts";
import { decodeBase64url, encodeBase64url } from "../identity/base64url.ts";
import { membersOnce } from "../identity/members.ts";
import { MAX_TOKEN } from "../identity/token.ts";
import { MAX_CLIENT, type Role } from "../message/parts.ts";
import { Malformed } from "../reader.ts";
import * as shape from "../shape.ts";

/** A credential. The peer believes none of it: it verifies the token, and that the token's nonce commits to the keys. */
export interface Credential {
  readonly role: Role;
  readonly client: string;
  readonly id_token: string;
  /** The key that signs consents. */
  readonly ed25519: Bytes;
  /** 32 random bytes of the nonce. */
  readonly rand: Bytes;
}

export function encodeCredential({ ed25519, rand, ...rest }: Credential): Bytes {
  return utf8(JSON.stringify({ ...rest, ed25519: encodeBase64url(ed25519), rand: encodeBase64url(rand) }));
}

/** Reads the peer's. Null if it is none, or claims our own role. */
export function decodeCredential(bytes: Bytes, ours: Role): Credential | null {
  const from = membersOnce(bytes);
  if (from === null) return null;
  try {
    const role = shape.oneOf<Role>(from.get("role"), ["helper", "sharer"]);
    const client = shape.string(from.get("client"), MAX_CLIENT);
    const id_token = shape.string(from.get("id_token"), MAX_TOKEN);
    const ed25519 = decodeBase64url(shape.string(from.get("ed25519")), 32);
    const rand = decodeBase64url(shape.string(from.get("rand")), 32);
    if (role === ours || ed25519 === null || rand === null) return null;
    return { role, client, id_token, ed25519, rand };
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}
