// The sharer's screen: slices of the picture on their way to the canvas, and whether it rests.

import { type Bytes, type Control, fault, VideoError } from "@handrail/protocol";
import { PictureError } from "./defect.ts";
import type { Parts } from "./parts.ts";
import type { Voice } from "./voice.ts";

/** Milliseconds between requests for a fresh picture (SPEC 7.1). */
const RESET = 2000;

export class Screen {
  readonly #parts: Parts;
  readonly #voice: Voice;
  readonly #control: (control: Control) => void;
  #quiet: number | null = null;
  #isUnreadable = false;
  #resetAt = Number.NEGATIVE_INFINITY;

  /** `control` says something to the sharer. */
  constructor(parts: Parts, voice: Voice, control: (control: Control) => void) {
    this.#parts = parts;
    this.#voice = voice;
    this.#control = control;
  }

  show(slice: Bytes): void {
    const { view } = this.#parts;
    try {
      const shown = view.show(slice, this.#parts.now());
      if (shown === null) return;
      if (this.#quiet !== null) this.rest(null);
      const paint = shown.then(({ update, resized }) => {
        if (this.#voice.isOver) return;
        this.#control({ type: "painted", update });
        if (resized !== null) this.#voice.tell({ picture: resized });
        this.#parts.painted(update);
      });
      paint.catch((error: unknown) => this.#broke(error));
    } catch (error) {
      this.#broke(error);
    }
  }

  #broke(error: unknown): void {
    if (this.#voice.isOver) return;
    if (error instanceof VideoError && error.rule === "unreadable") this.#unreadable();
    else if (error instanceof PictureError || error instanceof VideoError) this.#restart();
    else throw error;
  }

  /** There is no decoder for this video: told once, and nothing is asked for (SPEC 7.8). */
  #unreadable(): void {
    if (this.#isUnreadable) return;
    this.#isUnreadable = true;
    this.#voice.notice({ kind: "fault", fault: fault("VideoUnreadable") });
  }

  /** The screen rests since this update, or it does not. */
  rest(update: number | null): void {
    this.#quiet = update;
    this.#voice.tell({ quiet: update });
  }

  /** The picture cannot go on; slices that were under way are refused until a fresh one begins. */
  #restart(): void {
    const now = this.#parts.now();
    if (now < this.#resetAt + RESET) return;
    this.#resetAt = now;
    this.#voice.notice({ kind: "fault", fault: fault("PictureBroken") });
    this.#control({ type: "reset" });
  }
}
