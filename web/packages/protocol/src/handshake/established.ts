import type { Bytes } from "../bytes.ts";
import type { Secret } from "../keys.ts";
import type { Role } from "../message/parts.ts";

/** What both ends know from the relay, and must not have been told differently. */
export interface Context {
  /** 16 bytes. */
  readonly session: Bytes;
  readonly tenant: string;
}

/** What a handshake that succeeded leaves behind. */
export interface Established {
  readonly role: Role;
  readonly session: Bytes;
  /** The handshake hash: what `shook`, consent and grant name. */
  readonly hash: Bytes;
  readonly peerKey: Bytes;
  readonly credential: Bytes;
  /** The secret of generation 0. */
  readonly secret: Promise<Secret>;
}

/** Why a handshake ended. */
export class HandshakeError extends Error {
  override readonly name = "HandshakeError";
  readonly why: "malformed" | "version" | "no_suite" | "security_check" | "burned" | "unverified" | "differs";

  constructor(why: HandshakeError["why"]) {
    super(`the handshake ended: ${why}`);
    this.why = why;
  }
}

/** Bytes of a credential. */
export const MAX_CREDENTIAL = 12 * 1024;
