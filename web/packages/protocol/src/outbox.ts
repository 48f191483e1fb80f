// The sending side of one channel: counters, and sealed bytes kept until the other end has them (SPEC 10).

import { type Bytes, concat } from "./bytes.ts";
import { type Channel, deliveryOf } from "./channel.ts";
import { encodeHeader, type Header, TAG } from "./frame.ts";
import type { RecordKey } from "./keys.ts";
import { pad } from "./padding.ts";

/** A record on its way out. The bytes are promised: WebCrypto seals beside the program. */
export interface Sealed {
  readonly channel: Channel;
  readonly counter: bigint;
  readonly frame: Promise<Bytes>;
}

interface Kept extends Sealed {
  readonly sealedAt: number;
}

/** What a record is sealed with. */
export interface Sealing {
  readonly key: RecordKey;
  readonly pair: number;
  readonly generation: number;
  /** Authenticated beside the clear header. */
  readonly context: Bytes;
}

/**
 * Seals the records of one channel.
 *
 * INVARIANT: `next` only rises, and every counter is sealed once; what is sent again is the same bytes. So no (key, nonce)
 * pair is ever used for two texts.
 */
export class Outbox {
  readonly #channel: Channel;
  #next = 0n;
  #kept: Kept[] = [];

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** The counter of the next record. */
  get next(): bigint {
    return this.#next;
  }

  seal(sealing: Sealing, fragment: Bytes, more: boolean, now: number): Sealed {
    const counter = this.#next;
    this.#next += 1n;
    const text = pad(this.#channel, fragment, more);
    const header: Header = { pair: sealing.pair, channel: this.#channel, generation: sealing.generation, counter };
    const clear = encodeHeader(header, text.length + TAG);
    const sealed = sealing.key.seal(counter, concat(sealing.context, clear), text);
    const frame = sealed.then((bytes) => concat(clear, bytes));
    const record = { channel: this.#channel, counter, frame };
    if (deliveryOf(this.#channel) === "reliable") this.#kept.push({ ...record, sealedAt: now });
    return record;
  }

  /** The peer has everything below `next`. False if that cannot be. */
  acknowledge(next: bigint): boolean {
    if (next > this.#next) return false;
    this.#kept = this.#kept.filter((kept) => kept.counter >= next);
    return true;
  }

  /** The sealed bytes from `next` on, as they are; null if the place cannot be. */
  again(next: bigint): readonly Sealed[] | null {
    const oldest = this.#kept[0]?.counter ?? this.#next;
    return next > this.#next || next < oldest ? null : this.#kept.filter((kept) => kept.counter >= next);
  }

  /** When the oldest record that the peer may not have was sealed. */
  get oldest(): number | null {
    return this.#kept[0]?.sealedAt ?? null;
  }

  /** Gives up everything that is not acknowledged. Gives how many records. */
  discard(): number {
    const count = this.#kept.length;
    this.#kept = [];
    return count;
  }
}
