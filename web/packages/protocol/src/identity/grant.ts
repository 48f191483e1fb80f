// A grant as the relay signs it: what a sharer goes by, and nothing beside it (SPEC 6.5).

import type { Bytes } from "../bytes.ts";
import * as parts from "../message/parts.ts";
import { Malformed } from "../reader.ts";
import * as shape from "../shape.ts";
import { decodeBase64url } from "./base64url.ts";
import { readSigned } from "./jws.ts";

const EXPECTED = { typ: "rh-grant+jwt", most: 1024 };
const MEMBERS = ["tid", "sid", "pair", "level", "generation", "seq", "hh", "nonce", "hk"];

export interface Grant {
  readonly tenant: string;
  readonly session: string;
  readonly pair: number;
  readonly level: parts.Level;
  readonly generation: number;
  readonly sequence: number;
  /** The handshake hash, 64 hex digits. */
  readonly hash: string;
  readonly nonce: string;
  /** The helper's X25519 key, 64 hex digits. */
  readonly helperKey: string;
}

/** The grant that one of these keys (base64url) signed; null if none did. */
export async function readGrant(keys: readonly string[], raw: string): Promise<Grant | null> {
  for (const key of keys) {
    const bytes: Bytes | null = decodeBase64url(key, 32);
    const members = bytes === null ? "malformed" : await readSigned(EXPECTED, bytes, raw);
    if (typeof members !== "string") return grantOf(members);
  }
  return null;
}

function grantOf(from: shape.Members): Grant | null {
  if (from.size !== MEMBERS.length || !MEMBERS.every((name) => from.has(name))) return null;
  try {
    return {
      tenant: shape.string(from.get("tid")),
      session: shape.hexDigits(from.get("sid"), 32),
      pair: parts.pair(from),
      level: parts.level(from.get("level")),
      generation: parts.generation(from),
      sequence: shape.integer(from.get("seq"), shape.U64),
      hash: shape.hexDigits(from.get("hh"), 64),
      nonce: parts.nonce(from),
      helperKey: shape.hexDigits(from.get("hk"), 64),
    };
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}
