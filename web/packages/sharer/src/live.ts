// The page's side of a session: commands to the worker, its changes to a state, and the screen that the person picked.

import { Worker } from "@handrail/viewer/trusted";
import { handOver, pickScreen } from "./capture.ts";
import type { Order, Told } from "./port.ts";
import { type SharerState, START } from "./state.ts";

/** Milliseconds that a worker lives behind the end of its session. */
const LAST_WORDS = 2000;

const UNREACHABLE = "RH-1506";

/** What a session needs from the page. */
export interface Options {
  /** The relay; its `/api/v1/connect` is dialled. */
  readonly relay: URL;
  /** A fresh one-time ticket. */
  readonly ticket: () => Promise<string>;
}

export class Sharing {
  state: SharerState = START;
  /** What is shared, for a look at it. */
  stream: MediaStream | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #worker: Worker;
  #video: HTMLVideoElement | null = null;

  constructor() {
    this.#worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    this.#worker.onmessage = (event: MessageEvent<Told>) => this.#change(event.data.change);
    this.#worker.onerror = () => this.#fail(UNREACHABLE);
  }

  /** Connects: then a code may be typed. */
  async open({ relay, ticket }: Options): Promise<void> {
    const connect = new URL("/api/v1/connect", relay);
    connect.protocol = "wss:";
    try {
      this.#order({ do: "open", connect: connect.href, ticket: await ticket(), origin: performance.timeOrigin });
    } catch (error) {
      this.#fail(codeOf(error));
    }
  }

  /** Calls the listener after each change of `state`; the answer ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The element that shows the stream, while there is one. */
  attach(video: HTMLVideoElement | null): void {
    this.#video = video;
    if (video !== null && video.srcObject !== this.stream) video.srcObject = this.stream;
  }

  join(code: string): void {
    this.#order({ do: "join", code });
  }

  /** The person allows a helper to see the screen, having read this text; picks a screen first. Call it from a click. */
  async allow(pair: number, shown: string): Promise<void> {
    if (this.stream === null) await this.#pick();
    if (this.stream === null) this.#order({ do: "unable" });
    else this.#order({ do: "allow", pair, shown });
  }

  decline(pair: number): void {
    this.#order({ do: "decline", pair });
  }

  pause(on: boolean): void {
    this.#order({ do: "pause", on });
  }

  chat(text: string): void {
    this.#order({ do: "chat", text });
  }

  dismiss(pair: number): void {
    this.#order({ do: "dismiss", pair });
  }

  report(pair: number): void {
    this.#release();
    this.#order({ do: "report", pair });
  }

  /** Stops at once: no more pictures are taken, whatever the worker does. */
  leave(): void {
    this.#release();
    this.#order({ do: "leave" });
    if (this.state.helpers.length === 0) this.#change({ phase: "ended", end: { fault: null } });
  }

  async #pick(): Promise<void> {
    const stream = await pickScreen();
    const [track] = stream?.getVideoTracks() ?? [];
    if (stream === null || track === undefined) return;
    if (this.state.phase === "ended") {
      track.stop();
      return;
    }
    this.stream = stream;
    // The browser's own button that stops sharing is ours as well.
    track.addEventListener("ended", () => this.leave());
    handOver(stream, this.#worker, () => this.#video);
    this.#tell();
  }

  #release(): void {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
  }

  #order(order: Order): void {
    this.#worker.postMessage(order);
  }

  /** The page has the words for it: the English ones would be loaded twice. */
  #fail(code: string): void {
    this.#change({ phase: "ended", end: { fault: { code, text: "" } } });
  }

  #change(change: Partial<SharerState>): void {
    if (this.state.phase === "ended") return;
    this.state = { ...this.state, ...change };
    if (this.state.phase === "ended") {
      this.#release();
      setTimeout(() => this.#worker.terminate(), LAST_WORDS);
    }
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** A ticket that was refused says why; everything else is a relay that does not answer. */
function codeOf(error: unknown): string {
  const hasCode = typeof error === "object" && error !== null && "code" in error && typeof error.code === "string";
  return hasCode && String(error.code).startsWith("RH-") ? String(error.code) : UNREACHABLE;
}
