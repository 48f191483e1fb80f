// The page's side of a session: commands to the worker, its changes to a state.

import { type Button, fault, faultName, type InputEvent, type Level } from "@handrail/protocol";
import { Keyboard, textEvents } from "./keyboard.ts";
import type { Order, Told } from "./port.ts";
import type { Colour, Options, Session } from "./session.ts";
import type { Colleague, SessionState } from "./state.ts";
import { Worker } from "./trusted.ts";

/** Milliseconds that a worker lives behind the end of its session. */
const LAST_WORDS = 2000;

const BUTTONS: readonly Button[] = ["left", "middle", "right", "back", "forward"];

export const START: SessionState = {
  phase: "connecting",
  session: null,
  code: null,
  attemptsLeft: 3,
  card: null,
  levels: [],
  mayChat: true,
  compliance: null,
  level: null,
  question: null,
  paused: false,
  picture: null,
  quiet: null,
  outputs: [],
  output: null,
  away: null,
  colleagues: null,
  invitations: [],
  helpers: [],
  chat: [],
  quality: null,
  notice: null,
  end: null,
};

/** Opens a session: fetches a ticket, dials the relay, asks for a code or accepts an invitation. */
export function open(options: Options): Session {
  const session = new LiveSession();
  void session.begin(options);
  return session;
}

class LiveSession implements Session {
  state: SessionState = START;
  readonly #listeners = new Set<() => void>();
  readonly #keyboard = new Keyboard();
  readonly #hashes = new Map<number, (hash: string | null) => void>();
  readonly #worker: Worker;
  #serial = 0;

  constructor() {
    this.#worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    this.#worker.onmessage = (event: MessageEvent<Told>) => this.#hear(event.data);
    this.#worker.onerror = () => this.#fail(fault("RelayUnreachable"));
  }

  async begin(options: Options): Promise<void> {
    const connect = new URL("/api/v1/connect", options.relay);
    connect.protocol = "wss:";
    try {
      const ticket = await options.ticket();
      if (this.state.phase === "ended") return;
      this.#order({
        ...{ do: "open", connect: connect.href, ticket, origin: performance.timeOrigin },
        ...(options.reason !== undefined && { reason: options.reason }),
        ...(options.incident !== undefined && { incident: options.incident }),
        ...(options.invitation !== undefined && { invitation: options.invitation }),
      });
    } catch (error) {
      this.#fail(faultOf(error));
    }
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  attach(canvas: HTMLCanvasElement): void {
    const offscreen = canvas.transferControlToOffscreen();
    this.#worker.postMessage({ do: "attach", canvas: offscreen } satisfies Order, [offscreen]);
  }

  ask(level: Level): void {
    this.#order({ do: "ask", level });
  }

  acknowledge(): void {
    this.#order({ do: "acknowledge" });
  }

  key(event: KeyboardEvent): boolean {
    const events = this.#keyboard.events(event);
    if (events === null) return false;
    this.#act(events);
    return true;
  }

  chord(codes: readonly string[]): void {
    this.#act(this.#keyboard.chord(codes));
  }

  text(text: string): void {
    this.#act(textEvents(text));
  }

  pointer(x: number, y: number): void {
    this.#act([{ event: "move", ...this.#place(x, y) }]);
  }

  button(button: number, down: boolean): void {
    const name = BUTTONS[button];
    if (name !== undefined) this.#act([{ event: "button", button: name, down }]);
  }

  wheel(dx: number, dy: number): void {
    this.#act([{ event: "wheel", dx: turn(dx), dy: turn(dy) }]);
  }

  releaseAll(): void {
    this.#act(this.#keyboard.releaseAll());
  }

  laser(place: { x: number; y: number } | null, { red, green, blue }: Colour): void {
    const { x, y } = this.#place(place?.x ?? 0, place?.y ?? 0);
    this.#order({ do: "laser", place: { on: place !== null, x, y, colour: [red, green, blue] } });
  }

  showOutput(output: number | null): void {
    this.#order({ do: "show_output", output });
  }

  chat(text: string): void {
    this.#order({ do: "chat", text });
  }

  findColleagues(search: string): void {
    this.#order({ do: "find_colleagues", search });
  }

  invite(colleague: Colleague, handOver: boolean): void {
    this.#order({ do: "invite", colleague, handOver });
  }

  uninvite(subject: string): void {
    this.#order({ do: "uninvite", subject });
  }

  hash(): Promise<string | null> {
    if (this.state.phase === "ended") return Promise.resolve(null);
    this.#serial += 1;
    const serial = this.#serial;
    this.#order({ do: "hash", serial });
    return new Promise((resolve) => this.#hashes.set(serial, resolve));
  }

  leave(): void {
    this.#order({ do: "leave" });
    if (this.state.session === null) this.#change({ phase: "ended", end: { fault: null } });
  }

  #act(events: readonly InputEvent[]): void {
    if (events.length > 0) this.#order({ do: "act", events, at: performance.now() });
  }

  #order(order: Order): void {
    this.#worker.postMessage(order);
  }

  #hear(told: Told): void {
    switch (told.told) {
      case "state":
        this.#change(told.change);
        return;
      case "painted":
        // The time that a frame is given is its beginning, which may lie before the blit: the clock is asked instead.
        requestAnimationFrame(() => this.#order({ do: "seen", update: told.update, at: performance.now() }));
        return;
      case "hash":
        this.#hashes.get(told.serial)?.(told.hash);
        this.#hashes.delete(told.serial);
    }
  }

  #fail(reason: { readonly code: string; readonly text: string }): void {
    this.#change({ phase: "ended", end: { fault: reason } });
  }

  #change(change: Partial<SessionState>): void {
    if (this.state.phase === "ended") return;
    this.state = { ...this.state, ...change };
    if (this.state.phase === "ended") this.#stop();
    for (const listener of this.#listeners) listener();
  }

  /** The worker has a moment left to tell the relay; then its memory is free. */
  #stop(): void {
    setTimeout(() => this.#worker.terminate(), LAST_WORDS);
    for (const answer of this.#hashes.values()) answer(null);
    this.#hashes.clear();
  }

  /** A pixel of the picture. */
  #place(x: number, y: number): { x: number; y: number } {
    const { width, height } = this.state.picture ?? { width: 1, height: 1 };
    const within = (value: number, size: number) => Math.min(size - 1, Math.max(0, Math.floor(value)));
    return { x: within(x, width), y: within(y, height) };
  }
}

/** A turn of the wheel in 16 bits. */
function turn(delta: number): number {
  return Math.max(-0x8000, Math.min(0x7fff, Math.round(delta)));
}

/** A ticket that was refused says why; everything else is a relay that does not answer. */
function faultOf(error: unknown): { readonly code: string; readonly text: string } {
  if (typeof error === "object" && error !== null && "code" in error && typeof error.code === "string") {
    const name = faultName(error.code);
    if (name !== null) return fault(name);
  }
  return fault("RelayUnreachable");
}
