// The chat of a session, as this end knows it. Nobody keeps it.

import { type Bytes, encodeLine } from "@handrail/protocol";
import type { ChatLine } from "./state.ts";

export class Thread {
  #sent = 0;
  #lines: readonly ChatLine[] = [];

  get lines(): readonly ChatLine[] {
    return this.#lines;
  }

  /** The next line of ours, to be sent; null if it is too long. */
  encode(text: string): Bytes | null {
    return encodeLine({ id: this.#sent + 1, text });
  }

  /** The line was sent. */
  wrote(text: string): void {
    this.#sent += 1;
    this.#add({ id: this.#sent, mine: true, text });
  }

  heard(line: { readonly id: number; readonly text: string }): void {
    this.#add({ ...line, mine: false });
  }

  #add(line: Omit<ChatLine, "at">): void {
    this.#lines = [...this.#lines, { ...line, at: Date.now() }];
  }
}
