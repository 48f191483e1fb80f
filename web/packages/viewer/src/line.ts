// A line to the relay, on one carrier after the other (SPEC 2.4).

import {
  type Bytes,
  encodeFrame,
  encodeMessage,
  type Frame,
  Malformed,
  mustArrive,
  parseFromRelay,
  priorityOf,
} from "@handrail/protocol";
import { Carrier, type Loss } from "./carrier.ts";
import type { Dial, Instead, Kind } from "./socket.ts";

/** Whom a line tells. */
export interface Listener {
  /** The first carrier stands. */
  opened(): void;
  frame(frame: Frame): void;
  /** The carrier is lost, and another one is dialled. */
  away(): void;
  /** There is another carrier. */
  back(): void;
  /** Told once: the line is over. */
  lost(why: Loss): void;
}

/** Milliseconds between looks at how the carrier does. */
const LOOK = 100;
/** Milliseconds that the first dial may take; the later ones take longer. */
const PATIENCE = 2500;
/** Milliseconds of rest after the first dial that failed; the later ones are longer. */
const REST = 250;
/** Frames that had to arrive and are told at the latest. */
const TELL_EVERY = 8n;

export class Line {
  readonly #dial: (hasHeadStart: boolean) => Dial;
  readonly #listener: Listener;
  readonly #now: () => number;
  #carrier: Carrier;
  /** Whether the carrier is in use. */
  #isCarried = true;
  /** The one that may take its place. */
  #next: Carrier | null = null;
  #dialledAt = 0;
  #lostAt = 0;
  #failed = 0;
  #restUntil = 0;
  #key: string | null = null;
  #keep = 0;
  /** What has to arrive and was not heard yet. */
  #kept: Bytes[] = [];
  #heard = 0n;
  #taken = 0n;
  #told = 0n;
  #isOver = false;
  readonly #look: ReturnType<typeof setInterval>;

  constructor(dial: (hasHeadStart: boolean) => Dial, listener: Listener, now: () => number) {
    this.#dial = dial;
    this.#listener = listener;
    this.#now = now;
    this.#carrier = this.#run(true, () => this.#listener.opened());
    this.#look = setInterval(() => this.#review(), LOOK);
  }

  /** Milliseconds to the relay and back; null before the first answer of this carrier. */
  get roundTrip(): number | null {
    return this.#carrier.roundTrip;
  }

  /** What carries, or carried last; null before the first carrier stands. */
  get kind(): Kind | null {
    return this.#carrier.kind;
  }

  /** Why nothing better carries. */
  get instead(): Instead | null {
    return this.#carrier.instead;
  }

  /** The relay said with what this program comes back, and for how many seconds it waits. */
  welcomed(key: string, keep: number): void {
    this.#key = key;
    this.#keep = keep * 1000;
  }

  send(frame: Frame): void {
    const bytes = encodeFrame(frame);
    if (mustArrive(frame)) this.#kept.push(bytes);
    this.sendBytes(bytes, frame.kind === "sealed" ? priorityOf(frame.header.channel) : 0);
  }

  /** A frame that is encoded already, and need not arrive. */
  sendBytes(frame: Bytes, priority: number): void {
    if (this.#isCarried) this.#carrier.sendBytes(frame, priority);
  }

  /** Sends what waits if it can leave now, and ends the line. Nothing is told any more. */
  close(): void {
    if (this.#isOver) return;
    this.#stop();
    this.#carrier.close();
  }

  #run(hasHeadStart: boolean, opened: () => void): Carrier {
    const carrier: Carrier = new Carrier(
      this.#dial(hasHeadStart),
      {
        opened,
        frame: (frame) => this.#receive(carrier, frame),
        lost: (why) => this.#lost(carrier, why),
      },
      this.#now,
    );
    return carrier;
  }

  #receive(carrier: Carrier, frame: Frame): void {
    if (carrier === this.#next) {
      this.#answered(carrier, frame);
      return;
    }
    if (carrier !== this.#carrier || !this.#isCarried) return;
    if (frame.kind === "heard") {
      if (!this.#hear(frame.count)) this.#end("protocol");
      return;
    }
    if (mustArrive(frame)) {
      this.#taken += 1n;
      if (this.#taken >= this.#told + TELL_EVERY) this.#tellHeard();
    }
    this.#listener.frame(frame);
  }

  #tellHeard(): void {
    this.#told = this.#taken;
    this.#carrier.send({ kind: "heard", count: this.#taken });
  }

  /** Lets go of what the relay has. False if it was never sent. */
  #hear(count: bigint): boolean {
    const fresh = count - this.#heard;
    if (fresh > BigInt(this.#kept.length)) return false;
    if (fresh > 0n) {
      this.#kept.splice(0, Number(fresh));
      this.#heard = count;
    }
    return true;
  }

  #lost(carrier: Carrier, why: Loss): void {
    if (carrier === this.#next) {
      this.#next = null;
      this.#rest();
      return;
    }
    if (carrier !== this.#carrier || !this.#isCarried) return;
    // A relay that closes in an orderly way has ended the line; so has one that breaks the protocol.
    if (this.#key === null || why === "closed" || why === "protocol") {
      this.#end(why);
      return;
    }
    this.#leave();
    if (this.#next === null) this.#dialNext();
  }

  /** The carrier is given up. */
  #leave(): void {
    this.#isCarried = false;
    this.#lostAt = this.#now();
    this.#failed = 0;
    this.#restUntil = 0;
    this.#listener.away();
  }

  #review(): void {
    const now = this.#now();
    if (this.#key === null) return;
    if (this.#taken > this.#told && this.#isCarried) this.#tellHeard();
    if (!this.#isCarried && now >= this.#lostAt + this.#keep) {
      this.#end("silent");
      return;
    }
    if (this.#next !== null) {
      if (now < this.#dialledAt + PATIENCE * Math.min(4, this.#failed + 1)) return;
      this.#next.abandon();
      this.#next = null;
      this.#rest();
    } else if (this.#isSilent && now >= this.#restUntil) this.#dialNext();
  }

  get #isSilent(): boolean {
    return !this.#isCarried || this.#carrier.isInDoubt(this.#now());
  }

  #rest(): void {
    this.#restUntil = this.#now() + REST * 2 ** Math.min(3, this.#failed);
    this.#failed += 1;
  }

  #dialNext(): void {
    this.#dialledAt = this.#now();
    // What UDP could do it has shown.
    const next = this.#run(this.kind !== "webtransport", () => this.#opened(next));
    this.#next = next;
  }

  /** Another carrier stands. The one before is given up, unless it was heard of meanwhile. */
  #opened(next: Carrier): void {
    if (next !== this.#next || this.#key === null) return;
    if (!this.#isSilent) {
      this.#next = null;
      next.abandon();
      return;
    }
    if (this.#isCarried) this.#leave();
    const resume = encodeMessage({ type: "resume", line: this.#key, heard: Number(this.#taken) });
    next.send({ kind: "message", text: resume });
  }

  /** The relay's answer to `resume`. */
  #answered(next: Carrier, frame: Frame): void {
    const heard = heardBy(frame);
    if (heard === null || !this.#hear(heard)) {
      this.#end("silent");
      return;
    }
    this.#carrier.abandon();
    this.#carrier = next;
    this.#next = null;
    this.#isCarried = true;
    this.#failed = 0;
    this.#told = this.#taken;
    for (const bytes of this.#kept) next.sendBytes(bytes, 0);
    this.#listener.back();
  }

  #end(why: Loss): void {
    if (this.#isOver) return;
    this.#stop();
    this.#carrier.abandon();
    this.#listener.lost(why);
  }

  #stop(): void {
    this.#isOver = true;
    clearInterval(this.#look);
    this.#next?.abandon();
    this.#next = null;
  }
}

/** How much the relay heard; null if it does not take the line up again. */
function heardBy(frame: Frame): bigint | null {
  if (frame.kind !== "message") return null;
  try {
    const message = parseFromRelay(frame.text);
    return message.type === "resumed" ? BigInt(message.heard) : null;
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return null;
  }
}
