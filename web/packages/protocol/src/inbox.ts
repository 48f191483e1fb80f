// The receiving side of one channel: order, doubles, gaps (SPEC 10).

import type { Bytes } from "./bytes.ts";
import { type Channel, deliveryOf } from "./channel.ts";

/** Most records that wait behind a gap. */
export const HOLD_RECORDS = 64;
/** Most bytes that wait behind a gap. */
export const HOLD_BYTES = 256 * 1024;
/** Milliseconds behind a gap before the missing records are asked for. */
export const HOLD_TIME = 2000;

/** What became of a record. */
export type Taken = { readonly deliver: readonly Bytes[] } | "held" | "doubled" | "no_room";

export interface Inbox {
  /** Whether a record with this counter is worth opening. */
  wants(counter: bigint): boolean;
  /** Takes a record that opened. */
  take(counter: bigint, text: Bytes, now: number): Taken;
  /** The next counter that is expected; null where order does not matter. */
  readonly next: bigint | null;
  /** The peer gave up everything below `next`. Gives what waited behind it. */
  skip(next: bigint): readonly Bytes[];
  /** Since when a record has been missing. */
  readonly gapSince: number | null;
  /** The missing records were asked for: waits anew. */
  asked(now: number): void;
}

export function inboxOf(channel: Channel): Inbox {
  return deliveryOf(channel) === "latest" ? new Latest() : new Ordered();
}

/** Counter order: nothing lost, nothing twice. */
class Ordered implements Inbox {
  next = 0n;
  gapSince: number | null = null;
  readonly #held = new Map<bigint, Bytes>();
  #heldBytes = 0;

  wants(counter: bigint): boolean {
    return counter >= this.next && !this.#held.has(counter);
  }

  take(counter: bigint, text: Bytes, now: number): Taken {
    if (!this.wants(counter)) return "doubled";
    if (counter === this.next) {
      this.next += 1n;
      return { deliver: [text, ...this.#release()] };
    }
    this.gapSince ??= now;
    if (this.#held.size >= HOLD_RECORDS || this.#heldBytes + text.length > HOLD_BYTES) return "no_room";
    this.#heldBytes += text.length;
    this.#held.set(counter, text);
    return "held";
  }

  skip(next: bigint): readonly Bytes[] {
    if (next <= this.next) return [];
    for (const [counter, text] of this.#held) {
      if (counter < next) this.#forget(counter, text);
    }
    this.next = next;
    return this.#release();
  }

  asked(now: number): void {
    if (this.gapSince !== null) this.gapSince = now;
  }

  /** What is in order now. */
  #release(): Bytes[] {
    const ready: Bytes[] = [];
    for (let text = this.#held.get(this.next); text !== undefined; text = this.#held.get(this.next)) {
      this.#forget(this.next, text);
      this.next += 1n;
      ready.push(text);
    }
    if (this.#held.size === 0) this.gapSince = null;
    return ready;
  }

  #forget(counter: bigint, text: Bytes): void {
    this.#held.delete(counter);
    this.#heldBytes -= text.length;
  }
}

/** The newest wins: whatever is late or doubled is dropped. Moves only for records that opened. */
class Latest implements Inbox {
  readonly next = null;
  readonly gapSince = null;
  #newest = -1n;

  wants(counter: bigint): boolean {
    return counter > this.#newest;
  }

  take(counter: bigint, text: Bytes): Taken {
    if (!this.wants(counter)) return "doubled";
    this.#newest = counter;
    return { deliver: [text] };
  }

  skip(): readonly Bytes[] {
    return [];
  }

  asked(): void {}
}
