// The helper's side of the handshake: it showed the code or was invited, answers, and counts the attempts (SPEC 8).

import { type Bytes, concat, EMPTY, utf8 } from "../bytes.ts";
import { Half } from "./cpace.ts";
import { type Context, type Established, HandshakeError, MAX_CREDENTIAL } from "./established.ts";
import { chooseSuite, decodeHelloA, encodeHelloB, type HelloA, type Mode } from "./hello.ts";
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

/** Without a code nothing is drawn for it. */
export type DrawnInvited = Omit<Drawn, "scalar">;

/** The second flight, and what reads the third. */
export interface Answered {
  readonly helper: Helper;
  readonly second: Bytes;
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
  async answer(context: Context, flight: Bytes, key: KeyPair, drawn: Drawn): Promise<Answered> {
    if (this.#left === 0) throw new HandshakeError("burned");
    const first = new First(flight, "code", drawn.kem);
    this.#left -= 1;
    return first.answer(context, this.#prove(context, first, drawn.scalar), key, drawn.ephemeral);
  }

  #prove(context: Context, { hello, suite }: First, scalar: Bytes): Proven {
    if (hello.share === null) throw new HandshakeError("security_check");
    const session = cpaceSession(context, hello.random);
    const half = Half.draw({ password: this.#password, channel: cpaceChannel(context), session }, scalar);
    const isk = half.finish(hello.share, {
      session,
      shareA: hello.share,
      dataA: cpaceData("sharer", hello.suites),
      shareB: half.share,
      dataB: cpaceData("helper", Uint8Array.of(suite)),
    });
    return { share: half.share, isk };
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

  /**
   * A colleague invited this helper: answers the sharer's first flight without a code. Whom it meets, each end learns by the
   * credentials alone (SPEC 8.8).
   */
  static async invited(context: Context, flight: Bytes, key: KeyPair, drawn: DrawnInvited): Promise<Answered> {
    return new First(flight, "invitation", drawn.kem).answer(context, null, key, drawn.ephemeral);
  }

  /** Reads the third flight, which proves that the sharer has the code, if there is one. */
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

/** The code's part of the answer: our share, and the key that both ends have if their codes are the same. */
interface Proven {
  readonly share: Bytes;
  readonly isk: Bytes;
}

/** A sharer's first flight that can be answered. */
class First {
  readonly hello: HelloA;
  readonly suite: number;
  readonly #mode: Mode;
  readonly #flight: Bytes;
  readonly #kem: ReturnType<typeof encapsulate>;

  /** The mode is the caller's, whatever the bytes are. */
  constructor(flight: Bytes, mode: Mode, random: Bytes) {
    this.#mode = mode;
    this.#flight = flight;
    this.hello = decodeHelloA(flight, mode);
    this.suite = chooseSuite(this.hello.suites);
    this.#kem = encapsulate(this.hello.kemKey, random);
  }

  async answer(context: Context, proven: Proven | null, key: KeyPair, ephemeral: KeyPair): Promise<Answered> {
    const { ciphertext, secret } = this.#kem;
    const b = encodeHelloB({ suite: this.suite, share: proven?.share ?? null, kemCiphertext: ciphertext });
    const hellos = { mode: this.#mode, a: this.#flight, b };
    const { psk, prologue } = await agree(context, hellos, { isk: proven?.isk ?? EMPTY, kem: secret });
    const noise = await Noise.begin({ initiator: true, key, ephemeral, psk, prologue });
    return { helper: new Helper(context, noise), second: concat(b, await noise.write(EMPTY)) };
  }
}
