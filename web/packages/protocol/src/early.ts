import type { Envelope } from "./frame.ts";
import { HOLD_BYTES, HOLD_RECORDS, HOLD_TIME } from "./inbox.ts";

/** Sealed records of a generation whose `epoch` has not come (SPEC 9.2). */
export class Early {
  #waiting: { readonly envelope: Envelope; readonly since: number }[] = [];

  /** False if too much waits already. */
  hold(envelope: Envelope, now: number): boolean {
    const size = ({ clear, sealed }: Envelope) => clear.length + sealed.length;
    const bytes = this.#waiting.reduce((sum, early) => sum + size(early.envelope), size(envelope));
    if (this.#waiting.length >= HOLD_RECORDS || bytes > HOLD_BYTES) return false;
    this.#waiting.push({ envelope, since: now });
    return true;
  }

  /** All of them; nothing waits any more. */
  take(): readonly Envelope[] {
    const envelopes = this.#waiting.map(({ envelope }) => envelope);
    this.#waiting = [];
    return envelopes;
  }

  /** Forgets what waited in vain; it is sent again if it matters. */
  forget(now: number): void {
    this.#waiting = this.#waiting.filter(({ since }) => now < since + HOLD_TIME);
  }

  get deadline(): number | null {
    const first = this.#waiting[0];
    return first === undefined ? null : first.since + HOLD_TIME;
  }
}
