// Byte credit of one pair, channel and direction (SPEC 5): the receiver's window and the sender's allowance.

import { type Channel, firstCreditOf } from "./channel.ts";

/** What may still be sent. */
export class Allowance {
  #sent = 0n;
  #limit: bigint;

  constructor(channel: Channel) {
    this.#limit = BigInt(firstCreditOf(channel));
  }

  get left(): bigint {
    return this.#limit > this.#sent ? this.#limit - this.#sent : 0n;
  }

  spend(bytes: number): void {
    this.#sent += BigInt(bytes);
  }

  /** A limit never shrinks. */
  grant(limit: bigint): void {
    if (limit > this.#limit) this.#limit = limit;
  }
}

/** What this end takes. */
export class Window {
  readonly #size: bigint;
  #consumed = 0n;
  #granted: bigint;

  constructor(channel: Channel) {
    this.#size = BigInt(firstCreditOf(channel));
    this.#granted = this.#size;
  }

  /** Bytes were dealt with. Gives the new limit if it is worth telling. */
  consume(bytes: number): bigint | null {
    this.#consumed += BigInt(bytes);
    const limit = this.#consumed + this.#size;
    if (limit - this.#granted < this.#size / 2n) return null;
    this.#granted = limit;
    return limit;
  }
}
