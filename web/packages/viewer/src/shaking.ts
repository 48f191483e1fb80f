// The handshakes of a session that begins.

import {
  type Bytes,
  type Context,
  type Established,
  HandshakeError,
  type Helper,
  type Identity,
} from "@handrail/protocol";
import type { Trust } from "./trust.ts";
import type { Way } from "./way.ts";

/** A handshake that succeeded, and who the sharer is. */
export interface Shaken {
  readonly established: Established;
  readonly sharer: Identity;
}

/** What to do with a flight; null if it belongs to nothing that is under way. */
export type Answer = { readonly flight: Bytes; readonly shaken: Shaken | null } | null;

export class Shaking {
  readonly #session: Bytes;
  readonly #way: Way;
  readonly #trust: Trust;
  /** The tenant that the relay named at the claim, until a first flight is answered. */
  #claimed: Context | null = null;
  #answered: Helper | null = null;

  constructor(session: Bytes, way: Way, trust: Trust) {
    this.#session = session;
    this.#way = way;
    this.#trust = trust;
  }

  /** How often it can still be tried. */
  get left(): number {
    return this.#way.left;
  }

  /** A sharer is there. */
  claim(tenant: string): void {
    this.#claimed = { session: this.#session, tenant };
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
      // Who is not verified, or not the expected one, is not told who the helper is.
      const sharer = await this.#trust.verify(answering.credential, answering.peerKey);
      if (!this.#way.expects(sharer)) throw new HandshakeError("differs");
      const { established, fourth } = await answering.answer(this.#trust.credential(client));
      return { flight: fourth, shaken: { established, sharer } };
    }
    if (context === null) return null;
    this.#claimed = null;
    const answer = await this.#way.answer(context, flight, this.#trust.key);
    this.#answered = answer.helper;
    return { flight: answer.second, shaken: null };
  }
}
