// Acknowledgements: the message of channel `ack` (SPEC 10.1).

import { type Bytes, concat } from "./bytes.ts";
import { type Channel, channelOf } from "./channel.ts";
import { Malformed, Reader } from "./reader.ts";
import { varint } from "./varint.ts";

/** Up to where everything was delivered, by channel. */
export interface Places {
  /** Whether what is missing is asked for as well. */
  readonly resume: boolean;
  readonly next: ReadonlyMap<Channel, bigint>;
}

export function encodePlaces(places: Places): Bytes {
  const parts = [...places.next].map(([channel, next]) => concat(Uint8Array.of(channel), varint(next)));
  return concat(Uint8Array.of(places.resume ? 1 : 0, parts.length), ...parts);
}

export function decodePlaces(message: Uint8Array): Places {
  const reader = new Reader(message);
  const resume = reader.bool("kind");
  const count = reader.u8("count");
  const next = new Map<Channel, bigint>();
  for (let at = 0; at < count; at += 1) {
    const number = reader.u8("channel");
    const channel = channelOf(number);
    if (channel === null || next.has(channel)) throw Malformed.value("channel", number);
    next.set(channel, reader.varint("next"));
  }
  reader.end();
  return { resume, next };
}
