/** Milliseconds that an acknowledgement waits at most. */
const DELAY = 50;
/** Deliveries that it waits for at most. */
const EVERY = 16;

/** Acknowledgements that this end owes (SPEC 10.1). */
export class Debt {
  due: number | null = null;
  #deliveries = 0;

  get isOwed(): boolean {
    return this.#deliveries > 0;
  }

  /** Something was delivered. True if the acknowledgement leaves now. */
  owe(now: number): boolean {
    this.#deliveries += 1;
    this.due ??= now + DELAY;
    return this.#deliveries >= EVERY;
  }

  paid(): void {
    this.#deliveries = 0;
    this.due = null;
  }
}
