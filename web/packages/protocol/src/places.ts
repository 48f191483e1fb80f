// Acknowledgements: the message of channel `ack` (SPEC 10.1).

import { type Bytes, concat } from "./bytes.ts";
import { type Channel, channelOf } from "./channel.ts";
import { Malformed, Reader } from "./reader.ts";
import { varint } from "./varint.ts";

/** Nothing is asked for; a gap did not close; or the carrier changed, and a round began. */
export type Resume = "no" | "gap" | { readonly round: number };

/** Up to where everything was delivered, by channel. */
export interface Places {
  /** Whether, and why, what is missing is asked for as well. */
  readonly resume: Resume;
  readonly next: ReadonlyMap<Channel, bigint>;
}

export function encodePlaces(places: Places): Bytes {
  const parts = [...places.next].map(([channel, next]) => concat(Uint8Array.of(channel), varint(next)));
  const { resume } = places;
  if (typeof resume === "object") return concat(Uint8Array.of(2, parts.length), ...parts, Uint8Array.of(resume.round));
  return concat(Uint8Array.of(resume === "gap" ? 1 : 0, parts.length), ...parts);
}

export function decodePlaces(message: Uint8Array): Places {
  const reader = new Reader(message);
  const kind = reader.u8("kind");
  if (kind > 2) throw Malformed.value("kind", kind);
  const count = reader.u8("count");
  const next = new Map<Channel, bigint>();
  for (let at = 0; at < count; at += 1) {
    const number = reader.u8("channel");
    const channel = channelOf(number);
    if (channel === null || next.has(channel)) throw Malformed.value("channel", number);
    next.set(channel, reader.varint("next"));
  }
  const resume: Resume = kind === 2 ? { round: reader.u8("round") } : kind === 1 ? "gap" : "no";
  reader.end();
  return { resume, next };
}
