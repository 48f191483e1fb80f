// Colleagues whom helpers of this session asked in, by their own sealed word. Nobody else is let in (SPEC 6.9).

/** Milliseconds of an invitation. */
const LIFE = 300_000;
/** Invitations that are kept at once: a session has few helpers, and each asks few. */
const MOST = 8;

export interface Invitation {
  /** The pair of the helper who asks, and the verified name. */
  readonly by: { readonly pair: number; readonly name: string };
  readonly subject: string;
  readonly handOver: boolean;
}

export class Invitations {
  #open: (Invitation & { readonly until: number })[] = [];

  /** The newest word about a colleague counts. */
  open(invitation: Invitation, now: number): void {
    const others = this.#open.filter((one) => now < one.until && one.subject !== invitation.subject);
    this.#open = [...others, { ...invitation, until: now + LIFE }].slice(-MOST);
  }

  /** A helper took an invitation of its own back. */
  close(pair: number, subject: string): void {
    this.#open = this.#open.filter((one) => one.by.pair !== pair || one.subject !== subject);
  }

  /** Whether anybody may come now. */
  any(now: number): boolean {
    return this.#open.some(({ until }) => now < until);
  }

  /** Uses the invitation of this person up. */
  take(subject: string, now: number): Invitation | null {
    const found = this.#open.find((one) => one.subject === subject && now < one.until);
    this.#open = this.#open.filter((one) => one !== found);
    return found ?? null;
  }
}
