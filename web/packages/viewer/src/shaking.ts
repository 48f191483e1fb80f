// The helper's code and the handshakes that are tried with it.

import {
  Attempts,
  type Bytes,
  type Context,
  decodeCredential,
  draw,
  drawSecret,
  type Established,
  encodeCredential,
  generateKeyPair,
  HandshakeError,
  type Helper,
  type KeyPair,
} from "@handrail/protocol";

/** What to do with a flight; null if it belongs to nothing that is under way. */
export type Answer = { readonly flight: Bytes; readonly established: Established | null } | null;

export class Shaking {
  readonly session: Bytes;
  /** All eight digits, for the screen. */
  readonly digits: string;
  readonly #attempts: Attempts;
  readonly #key: Promise<KeyPair>;
  /** The tenant that the relay named at the claim, until a first flight is answered. */
  #claimed: Context | null = null;
  #answered: Helper | null = null;

  /** Draws the secret digits of a new code. */
  constructor(session: Bytes, routing: string) {
    const random = () => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
    this.session = session;
    this.digits = routing + drawSecret(random);
    this.#attempts = new Attempts(this.digits);
    this.#key = generateKeyPair();
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
      const credential = encodeCredential({ role: "helper", client });
      const { established, fourth } = await helper.readThird(flight, credential);
      if (decodeCredential(established.credential, "helper") === null) throw new HandshakeError("security_check");
      return { flight: fourth, established };
    }
    if (context === null) return null;
    this.#claimed = null;
    const answer = await this.#attempts.answer(context, flight, await this.#key, await draw());
    this.#answered = answer.helper;
    return { flight: answer.second, established: null };
  }
}
