// The helper's side of the handshake: it showed the code, answers, and counts the attempts (SPEC 8).

import { type Bytes, concat, EMPTY, utf8 } from "../bytes.ts";
import { Half } from "./cpace.ts";
import { type Context, type Established, HandshakeError, MAX_CREDENTIAL } from "./established.ts";
import { chooseSuite, decodeHelloA, encodeHelloB } from "./hello.ts";
import { encapsulate } from "./kem.ts";
import { generateKeyPair, type KeyPair, Noise } from "./noise.ts";
import { agree, cpaceChannel, cpaceData, cpaceSession, establish } from "./schedule.ts";

const ATTEMPTS = 3;

/** Fresh randomness of one answer. */
export interface Drawn {
  /** 64 bytes. */
  readonly scalar: Bytes;
  /** 32 bytes. */
  readonly kem: Bytes;
  readonly ephemeral: KeyPair;
}

export async function draw(): Promise<Drawn> {
  return {
    scalar: crypto.getRandomValues(new Uint8Array(64)),
    kem: crypto.getRandomValues(new Uint8Array(32)),
    ephemeral: await generateKeyPair(),
  };
}

/** A code, and how often it may still be tried. */
export class Attempts {
  readonly #password: Bytes;
  #left = ATTEMPTS;

  /** `code`: all eight digits. */
  constructor(code: string) {
    this.#password = utf8(code);
  }

  get left(): number {
    return this.#left;
  }

  /** Answers a first flight with the second. One attempt is used up, whatever follows, once the flight can be answered. */
  async answer(
    context: Context,
    flight: Bytes,
    key: KeyPair,
    drawn: Drawn,
  ): Promise<{ helper: Helper; second: Bytes }> {
    if (this.#left === 0) throw new HandshakeError("burned");
    const theirs = decodeHelloA(flight);
    const suite = chooseSuite(theirs.suites);
    const { ciphertext, secret } = encapsulate(theirs.kemKey, drawn.kem);
    this.#left -= 1;
    const session = cpaceSession(context, theirs.random);
    const half = Half.draw({ password: this.#password, channel: cpaceChannel(context), session }, drawn.scalar);
    const isk = half.finish(theirs.share, {
      session,
      shareA: theirs.share,
      dataA: cpaceData("sharer", theirs.suites),
      shareB: half.share,
      dataB: cpaceData("helper", Uint8Array.of(suite)),
    });
    const helloB = encodeHelloB({ suite, share: half.share, kemCiphertext: ciphertext });
    const { psk, prologue } = await agree(context, flight, helloB, isk, secret);
    const noise = await Noise.begin({ initiator: true, key, ephemeral: drawn.ephemeral, psk, prologue });
    const second = concat(helloB, await noise.write(EMPTY));
    return { helper: new Helper(context, noise), second };
  }
}

/** A first flight was answered. */
export class Helper {
  readonly #context: Context;
  readonly #noise: Noise;

  constructor(context: Context, noise: Noise) {
    this.#context = context;
    this.#noise = noise;
  }

  /** Reads the third flight, which proves that the sharer has the code. */
  async readThird(flight: Bytes): Promise<Answering> {
    const credential = await this.#noise.read(flight);
    const peerKey = this.#noise.theirKey;
    if (credential.length > MAX_CREDENTIAL || peerKey === null) throw new HandshakeError("security_check");
    return new Answering(this.#context, this.#noise, credential, peerKey);
  }
}

/** A third flight was read: whose credential it is has to be found out before it is answered. */
export class Answering {
  readonly #context: Context;
  readonly #noise: Noise;
  readonly credential: Bytes;
  /** The X25519 key that the sharer proved. */
  readonly peerKey: Bytes;

  constructor(context: Context, noise: Noise, credential: Bytes, peerKey: Bytes) {
    this.#context = context;
    this.#noise = noise;
    this.credential = credential;
    this.peerKey = peerKey;
  }

  /** Answers with the fourth flight. */
  async answer(credential: Bytes): Promise<{ established: Established; fourth: Bytes }> {
    const fourth = await this.#noise.write(credential);
    return { established: await establish("helper", this.#context, this.#noise, this.credential), fourth };
  }
}
