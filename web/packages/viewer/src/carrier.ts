// What carries frames (SPEC 2): keep-alive, priorities, little data behind them in the browser.

import { type Bytes, decodeFrame, encodeFrame, type Frame, MAX_FRAME, Malformed, priorityOf } from "@handrail/protocol";
import { Lanes } from "./lanes.ts";
import { type Dial, type Instead, type Kind, LEFT, type Socket } from "./socket.ts";

/** Why a carrier is lost: the relay closed it in an orderly way, it broke, nothing was heard, or what was heard is no frame. */
export type Loss = "closed" | "broken" | "silent" | "protocol";

/** Whom a carrier tells. */
export interface Listener {
  opened(): void;
  frame(frame: Frame): void;
  /** Told once. */
  lost(why: Loss): void;
}

/** Milliseconds between pings. */
const KEEPALIVE = 500;
const PATIENCE = 9000;
/** Milliseconds: a silence of less is none. */
const DOUBT = 600;
/** Round trips in which an answer comes even if the ping or the answer was lost once. */
const DOUBT_TRIPS = 4;
/** Bytes that may wait in the browser, where priorities mean nothing any more. */
const BUFFERED = 64 * 1024;
/** Nothing tells when there is room again. */
const LOOK_AGAIN = 4;

export class Carrier {
  readonly #socket: Socket;
  readonly #listener: Listener;
  readonly #now: () => number;
  readonly #lanes = new Lanes<Bytes>();
  readonly #pings = new Map<bigint, number>();
  readonly #keepalive: ReturnType<typeof setInterval>;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #heardAt: number;
  /** When the first ping went out that nothing has followed yet. */
  #askedAt: number | null = null;
  #lastPing = 0n;
  #isOpen = false;
  #isOver = false;
  /** Milliseconds to the relay and back; null before the first answer. */
  roundTrip: number | null = null;
  /** Bytes of frames that arrived. */
  received = 0;

  /** What carries; null until it stands. */
  kind: Kind | null = null;
  /** Why nothing better does. */
  instead: Instead | null = null;

  constructor(dial: Dial, listener: Listener, now: () => number) {
    this.#listener = listener;
    this.#now = now;
    this.#heardAt = now();
    this.#socket = dial({
      opened: (kind, instead) => this.#opened(kind, instead),
      message: (data) => this.#receive(data),
      closed: (isOrderly) => this.#lose(isOrderly ? "closed" : "broken"),
    });
    this.#keepalive = setInterval(() => this.#keepAlive(), KEEPALIVE);
  }

  send(frame: Frame): void {
    const priority = frame.kind === "sealed" ? priorityOf(frame.header.channel) : 0;
    this.sendBytes(encodeFrame(frame), priority);
  }

  /** A frame that is encoded already. */
  sendBytes(frame: Bytes, priority: number): void {
    if (this.#isOver) return;
    this.#lanes.push(priority, frame);
    this.#pump();
  }

  /** Sends what waits if it can leave now, and closes. Nothing is told any more. */
  close(): void {
    if (this.#isOver) return;
    for (let frame = this.#lanes.shift(); frame !== undefined && this.#isOpen; frame = this.#lanes.shift()) {
      this.#socket.send(frame);
    }
    this.#stop();
  }

  /** Leaves the carrier: what waits is lost, the line may go on. Nothing is told any more. */
  abandon(): void {
    if (!this.#isOver) this.#stop(LEFT);
  }

  /** Whether it seems to be lost: a ping was not answered, and nothing else was heard, for longer than its round trip explains. */
  isInDoubt(now: number): boolean {
    if (this.#askedAt === null) return false;
    return now >= this.#askedAt + Math.max(DOUBT, DOUBT_TRIPS * (this.roundTrip ?? 0));
  }

  #opened(kind: Kind, instead: Instead | null): void {
    this.#isOpen = true;
    this.kind = kind;
    this.instead = instead;
    this.#heardAt = this.#now();
    this.#listener.opened();
    this.#pump();
  }

  #receive(data: unknown): void {
    if (this.#isOver) return;
    if (!(data instanceof ArrayBuffer) || data.byteLength > MAX_FRAME) {
      this.#lose("protocol");
      return;
    }
    this.#heardAt = this.#now();
    this.#askedAt = null;
    this.received += data.byteLength;
    let frame: Frame;
    try {
      frame = decodeFrame(new Uint8Array(data));
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.#lose("protocol");
      return;
    }
    if (frame.kind === "ping") this.send({ kind: "pong", number: frame.number });
    else if (frame.kind === "pong") this.#pong(frame.number);
    else this.#listener.frame(frame);
  }

  #pong(number: bigint): void {
    const at = this.#pings.get(number);
    if (at === undefined) return;
    this.#pings.clear();
    this.roundTrip = this.#now() - at;
  }

  #keepAlive(): void {
    const now = this.#now();
    if (now - this.#heardAt >= PATIENCE) {
      this.#lose("silent");
      return;
    }
    if (!this.#isOpen) return;
    this.#askedAt ??= now;
    this.#lastPing += 1n;
    this.#pings.set(this.#lastPing, now);
    this.send({ kind: "ping", number: this.#lastPing });
  }

  #pump(): void {
    if (!this.#isOpen || this.#isOver) return;
    while (this.#socket.bufferedAmount <= BUFFERED) {
      const frame = this.#lanes.shift();
      if (frame === undefined) return;
      this.#socket.send(frame);
    }
    if (this.#lanes.isEmpty || this.#retry !== null) return;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      this.#pump();
    }, LOOK_AGAIN);
  }

  #lose(why: Loss): void {
    if (this.#isOver) return;
    this.#stop(why === "silent" ? LEFT : undefined);
    this.#listener.lost(why);
  }

  #stop(code?: number): void {
    this.#isOver = true;
    clearInterval(this.#keepalive);
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#socket.close(code);
  }
}
