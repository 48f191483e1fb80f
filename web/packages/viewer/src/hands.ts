// What the helper's hands do, on its way to the sharer.

import { Channel, encodeInput, type InputEvent } from "@handrail/protocol";
import type { Sealed } from "./sealed.ts";
import type { View } from "./view.ts";

/** Events in one message, and the bytes of text that they may hold together. */
const EVENTS = 64;
const TEXT_BYTES = 3000;

export class Hands {
  readonly #view: View;
  /** The last place of the pointer, while there is no room to send it: only the newest counts. */
  #move: InputEvent | null = null;

  constructor(view: View) {
    this.#view = view;
  }

  /** Sends events that happened at this time. Throws a SendError. */
  act(sealed: Sealed, events: readonly InputEvent[], at: number, now: number): void {
    const [only] = events;
    if (only === undefined) return;
    if (events.length === 1 && only.event === "move" && !sealed.room(Channel.Input)) {
      this.#move = only;
      return;
    }
    const all = this.#move === null || only.event === "move" ? events : [this.#move, ...events];
    this.#move = null;
    this.#view.quality.expects(at);
    for (const batch of batches(all)) {
      const first = this.#view.number(batch, at);
      const message = encodeInput({ first, clockMs: Math.floor(at) >>> 0, events: batch });
      sealed.send(Channel.Input, message, now);
    }
  }

  /** There is room again. */
  flush(sealed: Sealed, now: number): void {
    if (this.#move !== null && sealed.room(Channel.Input)) this.act(sealed, [this.#move], now, now);
  }

  /** The level has no input any more. */
  forget(): void {
    this.#move = null;
  }
}

/** Messages of so many events that each fits its channel. */
function batches(events: readonly InputEvent[]): InputEvent[][] {
  const all: InputEvent[][] = [];
  let bytes = 0;
  for (const event of events) {
    const size = "text" in event && event.text !== null ? event.text.length * 3 : 0;
    const last = all.at(-1);
    bytes += size;
    if (last === undefined || last.length >= EVENTS || bytes > TEXT_BYTES) {
      all.push([event]);
      bytes = size;
    } else last.push(event);
  }
  return all;
}
