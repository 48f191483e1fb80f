// The sharer's side, for tests: in a browser the other side of a session is always another program.

import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { type Bytes, concat, EMPTY, toHex, utf8 } from "../bytes.ts";
import type { Start } from "../control.ts";
import { End } from "../end.ts";
import { Half } from "../handshake/cpace.ts";
import { type Context, type Established, HandshakeError } from "../handshake/established.ts";
import { decodeHelloB, encodeHelloA, type HelloB, SUITES } from "../handshake/hello.ts";
import { generateKeyPair, type KeyPair, Noise } from "../handshake/noise.ts";
import { agree, cpaceChannel, cpaceData, cpaceSession, establish } from "../handshake/schedule.ts";

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
  readonly #kemSecret: Uint8Array;

  /** `code` is null with an invited helper (SPEC 8.8). */
  constructor(context: Context, code: string | null, drawn: SharerDrawn) {
    this.#context = context;
    this.#drawn = drawn;
    this.#session = cpaceSession(context, drawn.random);
    const setting = { channel: cpaceChannel(context), session: this.#session };
    this.#half = code === null ? null : Half.draw({ ...setting, password: utf8(code) }, drawn.scalar);
    const { publicKey, secretKey } = ml_kem768.keygen(drawn.kem);
    this.#kemSecret = secretKey;
    const { random } = drawn;
    const share = this.#half?.share ?? null;
    this.first = encodeHelloA({ suites: SUITES, random, share, kemKey: concat(publicKey) });
  }

  /** Answers the second flight with the third. */
  async readSecond(flight: Bytes, key: KeyPair, credential: Bytes): Promise<{ waiting: Waiting; third: Bytes }> {
    const mode = this.#half === null ? "invitation" : "code";
    const { hello, bytes, noise: first } = decodeHelloB(flight, mode);
    if (!SUITES.includes(hello.suite)) throw new HandshakeError("no_suite");
    const kem = concat(ml_kem768.decapsulate(hello.kemCiphertext, this.#kemSecret));
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

/** The end of a sharer: it begins generations. */
export class SharerEnd extends End {
  begin(generation: number, secret: Bytes, now: number): void {
    this.sendControl({ type: "epoch", generation, secret: toHex(secret), starts: this.starts() }, now);
    this.install(generation, secret, now);
  }

  protected override handleEpochAck(generation: number, starts: readonly Start[]): void {
    if (generation > this.generation) this.drop("other_generation");
    else this.generations.noteStarts(generation, starts);
  }
}

/** Two ends that a handshake would make, without the handshake. */
export function established(role: "helper" | "sharer"): Established {
  const fill = (length: number, byte: number) => new Uint8Array(length).fill(byte);
  const secret = crypto.subtle.importKey("raw", fill(32, 0x11), "HKDF", false, ["deriveBits", "deriveKey"]);
  const parts = { hash: fill(32, 0x22), session: fill(16, 0x33), peerKey: fill(32, 0x44), credential: fill(0, 0) };
  return { role, secret, ...parts };
}
