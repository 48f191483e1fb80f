// What the session machine says: to the relay, and to the page.

import { encodeMessage, type FaultName, fault, type ToRelay } from "@handrail/protocol";
import type { Fault } from "@handrail/viewer/end";
import type { Parts } from "./parts.ts";
import type { Notice, SharerState } from "./state.ts";

export class Voice {
  readonly #parts: Parts;
  #notices = 0;
  #isOver = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The page was told the end: nothing follows. */
  get isOver(): boolean {
    return this.#isOver;
  }

  say(message: ToRelay): void {
    this.#parts.carrier.send({ kind: "message", text: encodeMessage(message) });
  }

  tell(change: Partial<SharerState>): void {
    if (!this.#isOver) this.#parts.tell(change);
  }

  notice(notice: Omit<Notice, "serial">): void {
    this.#notices += 1;
    this.tell({ notice: { ...notice, serial: this.#notices } });
  }

  fail(name: FaultName): void {
    this.end(fault(name));
  }

  /** The session is over; null if the person here left. */
  end(reason: Fault | null): void {
    this.tell({ phase: "ended", end: { fault: reason }, helpers: [] });
    this.#isOver = true;
    this.#parts.carrier.close();
  }
}
