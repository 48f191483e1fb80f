import type { Bytes } from "./bytes.ts";

/** The largest number that a varint holds: 2^62 - 1. */
export const VARINT_MAX = (1n << 62n) - 1n;

/** The shortest form of RFC 9000, section 16 (SPEC 2). */
export function varint(value: bigint): Bytes {
  if (value < 0n || value > VARINT_MAX) throw new RangeError(`${value} is no varint`);
  const size = value < 1n << 6n ? 0 : value < 1n << 14n ? 1 : value < 1n << 30n ? 2 : 3;
  const length = 1 << size;
  const bytes = new Uint8Array(length);
  let rest = value;
  for (let at = length - 1; at >= 0; at -= 1) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  bytes[0] = (bytes[0] ?? 0) | (size << 6);
  return bytes;
}
