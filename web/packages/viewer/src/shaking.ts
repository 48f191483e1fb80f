// The helper's code and the handshakes that are tried with it.

import {
  Attempts,
  type Bytes,
  type Context,
  draw,
  drawSecret,
  type Established,
  type Helper,
  type Identity,
} from "@handrail/protocol";
import type { Trust } from "./trust.ts";

/** A handshake that succeeded, and who the sharer is. */
export interface Shaken {
  readonly established: Established;
  readonly sharer: Identity;
}

/** What to do with a flight; null if it belongs to nothing that is under way. */
export type Answer = { readonly flight: Bytes; readonly shaken: Shaken | null } | null;

export class Shaking {
  readonly session: Bytes;
  /** All eight digits, for the screen. */
  readonly digits: string;
  readonly #attempts: Attempts;
  readonly #trust: Trust;
  /** The tenant that the relay named at the claim, until a first flight is answered. */
  #claimed: Context | null = null;
  #answered: Helper | null = null;

  /** Draws the secret digits of a new code. */
  constructor(session: Bytes, routing: string, trust: Trust) {
    const random = () => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
    this.session = session;
    this.digits = routing + drawSecret(random);
    this.#attempts = new Attempts(this.digits);
    this.#trust = trust;
  }

  /** How often the code can still be tried. */
  get left(): number {
    return this.#attempts.left;
  }

  /** A sharer typed the code. */
  claim(tenant: string): void {
    this.#claimed = { session: this.session, tenant };
    this.#answered = null;
  }

  /** The sharer is gone. */
  release(): void {
    this.#claimed = null;
    this.#answered = null;
  }

  /** Takes a flight of the sharer; rejects with a HandshakeError. */
  async handleFlight(flight: Bytes, client: string): Promise<Answer> {
    const [helper, context] = [this.#answered, this.#claimed];
    if (helper !== null) {
      this.#answered = null;
      const answering = await helper.readThird(flight);
      // Who is not verified is not told who the helper is.
      const sharer = await this.#trust.verify(answering.credential, answering.peerKey);
      const { established, fourth } = await answering.answer(this.#trust.credential(client));
      return { flight: fourth, shaken: { established, sharer } };
    }
    if (context === null) return null;
    this.#claimed = null;
    const answer = await this.#attempts.answer(context, flight, this.#trust.key, await draw());
    this.#answered = answer.helper;
    return { flight: answer.second, shaken: null };
  }
}
