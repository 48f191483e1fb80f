// Which carrier: WebTransport and WebSocket are dialled at once (SPEC 2.3).

import type { Bytes } from "@handrail/protocol";
import { type Dial, type Heard, type Instead, LEFT, type Socket, webSocket } from "./socket.ts";
import { webTransport } from "./web-transport.ts";

/** Milliseconds that WebSocket waits for UDP. */
const HEAD_START = 300;

/** Dials both ways to the relay at `wss://…`; without a head start the first one that stands is taken. */
export function relayAt(address: string): (hasHeadStart: boolean) => Dial {
  const slow = webSocket(address);
  const fast = webTransport(address.replace(/^wss:/, "https:"));
  return (hasHeadStart) => (heard) => new Race(fast, slow, hasHeadStart ? HEAD_START : 0, heard);
}

type Entry = "fast" | "slow";

/** The face of whichever is taken. */
export class Race implements Socket {
  readonly #heard: Heard;
  /** Those that are still dialled, or stand. */
  readonly #sockets = new Map<Entry, Socket>();
  #slowStands = false;
  #winner: Socket | null = null;
  #instead: Instead = "silent";
  #start: ReturnType<typeof setTimeout> | null;

  constructor(fast: Dial | null, slow: Dial, headStart: number, heard: Heard) {
    this.#heard = heard;
    this.#start = setTimeout(() => {
      this.#start = null;
      this.#look();
    }, headStart);
    if (fast === null) this.#instead = "missing";
    else this.#sockets.set("fast", fast(this.#hearing("fast")));
    this.#sockets.set("slow", slow(this.#hearing("slow")));
  }

  get bufferedAmount(): number {
    return this.#winner?.bufferedAmount ?? 0;
  }

  send(frame: Bytes): void {
    this.#winner?.send(frame);
  }

  close(code?: number): void {
    clearTimeout(this.#start ?? undefined);
    for (const socket of this.#sockets.values()) socket.close(socket === this.#winner ? code : LEFT);
    this.#sockets.clear();
  }

  #hearing(entry: Entry): Heard {
    return {
      opened: () => {
        if (entry === "fast") this.#take("fast");
        else this.#slowStands = true;
        this.#look();
      },
      message: (data) => {
        if (this.#sockets.has(entry)) this.#heard.message(data);
      },
      closed: (isOrderly) => {
        if (!this.#sockets.delete(entry)) return;
        if (this.#sockets.size === 0) {
          clearTimeout(this.#start ?? undefined);
          this.#heard.closed(isOrderly);
        }
        if (entry === "fast") this.#instead = "refused";
        this.#look();
      },
    };
  }

  /** WebSocket is taken when UDP had its time, or cannot be. */
  #look(): void {
    if (this.#slowStands && (this.#start === null || !this.#sockets.has("fast"))) this.#take("slow");
  }

  #take(entry: Entry): void {
    const socket = this.#sockets.get(entry);
    if (this.#winner !== null || socket === undefined) return;
    clearTimeout(this.#start ?? undefined);
    this.#winner = socket;
    const other = entry === "fast" ? "slow" : "fast";
    this.#sockets.get(other)?.close(LEFT);
    this.#sockets.delete(other);
    if (entry === "fast") this.#heard.opened("webtransport", null);
    else this.#heard.opened("wss", this.#instead);
  }
}
