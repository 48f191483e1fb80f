// CPace-Ristretto255-SHA512 (draft-irtf-cfrg-cpace): each run tests exactly one password (SPEC 8.1).

import { ristretto255, ristretto255_hasher } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { type Bytes, concat, lv, utf8 } from "../bytes.ts";
import { HandshakeError } from "./established.ts";

const NAME = "CPaceRistretto255";
/** Bytes of a block of SHA-512. */
const BLOCK = 128;

type Point = InstanceType<typeof ristretto255.Point>;

/** What both sides must have in common. */
export interface Setting {
  readonly password: Bytes;
  readonly channel: Bytes;
  readonly session: Bytes;
}

/** What passed between them: first the sharer's, then the helper's. */
export interface Transcript {
  readonly session: Bytes;
  readonly shareA: Bytes;
  readonly dataA: Bytes;
  readonly shareB: Bytes;
  readonly dataB: Bytes;
}

/** One side of a run. */
export class Half {
  readonly #scalar: bigint;
  readonly share: Bytes;

  private constructor(setting: Setting, scalar: bigint) {
    this.#scalar = scalar;
    this.share = concat(generator(setting).multiply(scalar).toBytes());
  }

  /** `random` are 64 fresh bytes; they are wiped. */
  static draw(setting: Setting, random: Bytes): Half {
    const scalar = littleEndian(random) % ristretto255.Point.Fn.ORDER;
    random.fill(0);
    return new Half(setting, scalar);
  }

  /** The key that both sides have if they had the same password. */
  finish(theirs: Bytes, transcript: Transcript): Bytes {
    const shared = decode(theirs).multiply(this.#scalar);
    if (shared.equals(ristretto255.Point.ZERO)) throw new HandshakeError("security_check");
    const { session, shareA, dataA, shareB, dataB } = transcript;
    return concat(sha512(lv(utf8(`${NAME}_ISK`), session, shared.toBytes(), shareA, dataA, shareB, dataB)));
  }
}

/** The point that the password selects. */
export function generator({ password, channel, session }: Setting): Point {
  const head = lv(utf8(NAME), password);
  const zeros = new Uint8Array(Math.max(0, BLOCK - 1 - head.length));
  return ristretto255_hasher.deriveToCurve?.(sha512(concat(head, lv(zeros, channel, session)))) ?? unavailable();
}

function decode(share: Bytes): Point {
  try {
    return ristretto255.Point.fromBytes(share);
  } catch {
    throw new HandshakeError("security_check");
  }
}

function unavailable(): never {
  throw new TypeError("this library has no map to Ristretto255");
}

function littleEndian(bytes: Bytes): bigint {
  return bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);
}
