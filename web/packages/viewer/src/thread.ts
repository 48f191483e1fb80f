// The chat of a session, as this end knows it. Nobody keeps it.

import { type Bytes, encodeLine, type Line } from "@handrail/protocol";
import type { ChatLine } from "./state.ts";

export class Thread {
  #sent = 0;
  #lines: readonly ChatLine[] = [];

  get lines(): readonly ChatLine[] {
    return this.#lines;
  }

  /** The next line of ours, to be sent; null if it is too long. */
  encode(text: string): Bytes | null {
    return encodeLine({ id: this.#sent + 1, author: null, text });
  }

  /** The line was sent. */
  wrote(text: string): void {
    this.#sent += 1;
    this.#add({ id: this.#sent, mine: true, helper: null, text });
  }

  /** At a sharer: a line of this helper, to be passed on to the others; null if it is too long. */
  passOn(author: number, text: string): Bytes | null {
    const line = encodeLine({ id: this.#sent + 1, author, text });
    if (line !== null) this.#sent += 1;
    return line;
  }

  /** A line of the sharer, or of the helper of this name. */
  heard({ id, text }: Line, helper: string | null): void {
    this.#add({ id, mine: false, helper, text });
  }

  #add(line: Omit<ChatLine, "at">): void {
    this.#lines = [...this.#lines, { ...line, at: Date.now() }];
  }
}
