// What stands inside a sealed record: a fragment of a message, padded so that its length tells little (SPEC 3.2).

import { type Bytes, concat, u16 } from "./bytes.ts";
import { type Channel, isSmall } from "./channel.ts";
import { MAX_PLAINTEXT } from "./frame.ts";
import { Malformed, Reader } from "./reader.ts";

const HEAD = 3;

/** Bytes of a message that fit into one record. */
export const FRAGMENT = MAX_PLAINTEXT - HEAD;

export function pad(channel: Channel, fragment: Uint8Array, more: boolean): Bytes {
  const padded = new Uint8Array(bucket(channel, HEAD + fragment.length));
  padded.set(concat(Uint8Array.of(more ? 1 : 0), u16(fragment.length), fragment));
  return padded;
}

export function unpad(text: Uint8Array): { fragment: Bytes; more: boolean } {
  const reader = new Reader(text);
  const more = reader.bool("more");
  const fragment = reader.bytes(reader.u16("fragment length"), "fragment");
  const wrong = text.subarray(HEAD + fragment.length).find((byte) => byte !== 0);
  if (wrong !== undefined) throw Malformed.value("padding", wrong);
  return { fragment, more };
}

/** Small channels: multiples of 64 bytes. Large ones: of 256 bytes up to 4 KiB, then of 1 KiB. */
function bucket(channel: Channel, length: number): number {
  const step = isSmall(channel) ? 64 : length <= 4096 ? 256 : 1024;
  return Math.ceil(length / step) * step;
}
