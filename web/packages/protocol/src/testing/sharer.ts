// Sharers for tests of the helper's end.

import type { Established } from "../handshake/established.ts";
import { SharerEnd } from "../sharer-end.ts";

/** The end of a sharer that takes input, as a native one does. */
export class NativeSharerEnd extends SharerEnd {
  protected override get opensInput(): boolean {
    return true;
  }
}

/** Two ends that a handshake would make, without the handshake. */
export function established(role: "helper" | "sharer"): Established {
  const fill = (length: number, byte: number) => new Uint8Array(length).fill(byte);
  const secret = crypto.subtle.importKey("raw", fill(32, 0x11), "HKDF", false, ["deriveBits", "deriveKey"]);
  const parts = { hash: fill(32, 0x22), session: fill(16, 0x33), peerKey: fill(32, 0x44), credential: fill(0, 0) };
  return { role, secret, ...parts };
}
