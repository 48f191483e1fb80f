import type { Colleague, Level, SessionState } from "./state.ts";

/** A colour of the laser pointer. */
export interface Colour {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

/** A session that a colleague asked this person into, and who is helped there (SPEC 6.9). */
export interface Accepted {
  /** 32 hex digits. */
  readonly session: string;
  readonly sharer: { readonly subject: string; readonly name: string };
}

/** What a session needs from the page. */
export interface Options {
  /** The relay; its `/api/v1/connect` is dialled. */
  readonly relay: URL;
  /** A fresh one-time ticket. */
  readonly ticket: () => Promise<string>;
  readonly reason?: string;
  readonly incident?: string;
  /** Accepts this invitation, in the place of a code. */
  readonly invitation?: Accepted;
}

/** The commands of a session. Each returns at once; what becomes of it is told by the state. */
export interface Session {
  readonly state: SessionState;
  /** Calls the listener after each change of `state`; the answer ends that. Fits `useSyncExternalStore`. */
  subscribe(listener: () => void): () => void;
  /** The canvas where the picture is painted, once in a session: its drawing goes to the worker. The canvas takes the picture's size. */
  attach(canvas: HTMLCanvasElement): void;
  ask(level: Level): void;
  /** The person read the warning about the sharer's device. */
  acknowledge(): void;
  /** A key as the browser reports it. False if the page should keep it. */
  key(event: KeyboardEvent): boolean;
  /** Keys pressed one after the other and released in reverse order, as KeyboardEvent.code: ["ControlLeft", "AltLeft", "Delete"]. */
  chord(codes: readonly string[]): void;
  /** Text without keys. */
  text(text: string): void;
  /** The pointer, in pixels of the picture. */
  pointer(x: number, y: number): void;
  /** 0 left, 1 middle, 2 right, 3 back, 4 forward: MouseEvent.button. */
  button(button: number, down: boolean): void;
  /** In 120ths of a notch; right and down are positive. */
  wheel(dx: number, dy: number): void;
  /** Every key and button up: the page lost the focus. */
  releaseAll(): void;
  /** The laser pointer, in pixels of the picture; null is off. */
  laser(place: { x: number; y: number } | null, colour: Colour): void;
  /** Which monitor is shown; null is all. */
  showOutput(id: number | null): void;
  chat(text: string): void;
  /** Looks for colleagues who could come in, by a part of their name. */
  findColleagues(search: string): void;
  /** Asks a colleague in; with `handOver` this person's part ends as soon as the colleague has a level. */
  invite(colleague: Colleague, handOver: boolean): void;
  /** Takes an invitation back. */
  uninvite(subject: string): void;
  /** SHA-256 of the picture as SPEC 7 names it; null without a picture. */
  hash(): Promise<string | null>;
  leave(): void;
}
