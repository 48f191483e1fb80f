// What a sharer signs when its person allows a level (SPEC 6.6).

import { type Bytes, concat, u32, u64, utf8 } from "../bytes.ts";
import type { Level } from "../message/parts.ts";

export interface ConsentText {
  /** 16 bytes. */
  readonly session: Bytes;
  readonly tenant: string;
  readonly pair: number;
  readonly level: Level;
  readonly generation: number;
  /** The handshake hash. */
  readonly hash: Bytes;
  /** The helper's X25519 key. */
  readonly helperKey: Bytes;
  /** The helper, as the sharer verified them. */
  readonly issuer: string;
  readonly subject: string;
  /** SHA-256 of the text that was shown; zeros if none was. */
  readonly shown: Bytes;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly ui: "window" | "unattended";
}

/** The bytes that are signed. */
export function consentBytes(text: ConsentText): Bytes {
  return concat(
    utf8("rh-consent/1"),
    text.session,
    measured(text.tenant),
    Uint8Array.of(text.pair),
    measured(text.level),
    u32(text.generation),
    text.hash,
    text.helperKey,
    measured(text.issuer),
    measured(text.subject),
    text.shown,
    u64(BigInt(text.at)),
    Uint8Array.of(text.ui === "window" ? 1 : 2),
  );
}

/** A text with its length before it, so that no two texts can be moved into each other. */
function measured(text: string): Bytes {
  const bytes = utf8(text);
  return concat(u32(bytes.length), bytes);
}
