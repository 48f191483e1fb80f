// The sharer's side of the handshake: it typed the code, or a helper was invited; it begins, and answers once (SPEC 8).

import { type Bytes, EMPTY, utf8 } from "../bytes.ts";
import { Half } from "./cpace.ts";
import { type Context, type Established, HandshakeError } from "./established.ts";
import { decodeHelloB, encodeHelloA, type HelloB, SUITES } from "./hello.ts";
import { decapsulate, drawKem } from "./kem.ts";
import { generateKeyPair, type KeyPair, Noise } from "./noise.ts";
import { agree, cpaceChannel, cpaceData, cpaceSession, establish } from "./schedule.ts";

/** Randomness of a sharer, in the order of SPEC 8.3. */
export interface SharerDrawn {
  readonly random: Bytes;
  readonly scalar: Bytes;
  readonly kem: Bytes;
  readonly ephemeral: KeyPair;
}

export async function drawSharer(): Promise<SharerDrawn> {
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
  return { random: random(16), scalar: random(64), kem: random(64), ephemeral: await generateKeyPair() };
}

/** A first flight was sent. */
export class Sharer {
  readonly first: Bytes;
  readonly #context: Context;
  readonly #drawn: SharerDrawn;
  /** The code's part; null without a code. */
  readonly #half: Half | null;
  readonly #session: Bytes;
  readonly #kemSecret: Bytes;

  /** `code` is null with an invited helper (SPEC 8.8). */
  constructor(context: Context, code: string | null, drawn: SharerDrawn) {
    this.#context = context;
    this.#drawn = drawn;
    this.#session = cpaceSession(context, drawn.random);
    const setting = { channel: cpaceChannel(context), session: this.#session };
    this.#half = code === null ? null : Half.draw({ ...setting, password: utf8(code) }, drawn.scalar);
    const { publicKey, secretKey } = drawKem(drawn.kem);
    this.#kemSecret = secretKey;
    const { random } = drawn;
    const share = this.#half?.share ?? null;
    this.first = encodeHelloA({ suites: SUITES, random, share, kemKey: publicKey });
  }

  /** Answers the second flight with the third. */
  async readSecond(flight: Bytes, key: KeyPair, credential: Bytes): Promise<{ waiting: Waiting; third: Bytes }> {
    const mode = this.#half === null ? "invitation" : "code";
    const { hello, bytes, noise: first } = decodeHelloB(flight, mode);
    if (!SUITES.includes(hello.suite)) throw new HandshakeError("no_suite");
    const kem = decapsulate(hello.kemCiphertext, this.#kemSecret);
    const secrets = { isk: this.#isk(hello), kem };
    const { psk, prologue } = await agree(this.#context, { mode, a: this.first, b: bytes }, secrets);
    const { ephemeral } = this.#drawn;
    const noise = await Noise.begin({ initiator: false, key, ephemeral, psk, prologue });
    await noise.read(first);
    return { third: await noise.write(credential), waiting: new Waiting(this.#context, noise) };
  }

  #isk({ share, suite }: HelloB): Bytes {
    if (this.#half === null || share === null) return EMPTY;
    return this.#half.finish(share, {
      session: this.#session,
      shareA: this.#half.share,
      dataA: cpaceData("sharer", SUITES),
      shareB: share,
      dataB: cpaceData("helper", Uint8Array.of(suite)),
    });
  }
}

/** A third flight was sent. */
export class Waiting {
  readonly #context: Context;
  readonly #noise: Noise;

  constructor(context: Context, noise: Noise) {
    this.#context = context;
    this.#noise = noise;
  }

  async readFourth(flight: Bytes): Promise<Established> {
    return establish("sharer", this.#context, this.#noise, await this.#noise.read(flight));
  }
}
