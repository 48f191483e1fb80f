// The two ways into a session: a code that the sharer types, and a colleague's invitation. Which one it is was chosen here, and no
// byte of the peer or of the relay changes it.

import {
  type Answered,
  Attempts,
  type Bytes,
  type Context,
  draw,
  drawSecret,
  HandshakeError,
  Helper,
  type Identity,
  type KeyPair,
} from "@handrail/protocol";

/** How a sharer's first flight is answered. */
export interface Way {
  /** How often it can still be tried. */
  readonly left: number;
  /** Answers a first flight; rejects with a HandshakeError. */
  answer(context: Context, flight: Bytes, key: KeyPair): Promise<Answered>;
  /** Whether this person is the one who may share. */
  expects(sharer: Identity): boolean;
}

/** A code: whoever types it shares. */
export class ByCode implements Way {
  /** All eight digits, for the screen. */
  readonly digits: string;
  readonly #attempts: Attempts;

  /** Draws the secret digits of a new code. */
  constructor(routing: string) {
    this.digits = routing + drawSecret(() => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0);
    this.#attempts = new Attempts(this.digits);
  }

  get left(): number {
    return this.#attempts.left;
  }

  async answer(context: Context, flight: Bytes, key: KeyPair): Promise<Answered> {
    return this.#attempts.answer(context, flight, key, await draw());
  }

  expects(): boolean {
    return true;
  }
}

/** An invitation: it names the one who shares, and is tried once (SPEC 8.8). */
export class ByInvitation implements Way {
  readonly #subject: string;
  #left = 1;

  constructor(subject: string) {
    this.#subject = subject;
  }

  get left(): number {
    return this.#left;
  }

  async answer(context: Context, flight: Bytes, key: KeyPair): Promise<Answered> {
    if (this.#left === 0) throw new HandshakeError("burned");
    this.#left = 0;
    return Helper.invited(context, flight, key, await draw());
  }

  expects(sharer: Identity): boolean {
    return sharer.subject === this.#subject;
  }
}
