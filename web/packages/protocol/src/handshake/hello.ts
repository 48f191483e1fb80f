// The two hellos: CPace shares, ML-KEM key and ciphertext, suites (SPEC 8.1, 8.2).

import { type Bytes, concat, EMPTY } from "../bytes.ts";
import { Malformed, Reader } from "../reader.ts";
import { HandshakeError } from "./established.ts";
import { KEM_CIPHERTEXT, KEM_KEY } from "./kem.ts";

/** What the handshake proves besides the credentials: a code, or nothing (SPEC 8.8). Each end knows it beforehand. */
export type Mode = "code" | "invitation";

/** The sealed protocol's version. */
export const VERSION = 1;
/** Suites that this program has, best first. */
export const SUITES: Bytes = Uint8Array.of(1);
const MAX_SUITES = 16;

export interface HelloA {
  readonly suites: Bytes;
  readonly random: Bytes;
  /** Null without a code. */
  readonly share: Bytes | null;
  readonly kemKey: Bytes;
}

export interface HelloB {
  readonly suite: number;
  /** Null without a code. */
  readonly share: Bytes | null;
  readonly kemCiphertext: Bytes;
}

export function encodeHelloA(hello: HelloA): Bytes {
  const head = Uint8Array.of(VERSION, hello.suites.length);
  return concat(head, hello.suites, hello.random, hello.share ?? EMPTY, hello.kemKey);
}

export function decodeHelloA(flight: Bytes, mode: Mode): HelloA {
  return orMalformed(() => {
    const reader = new Reader(flight);
    if (reader.u8("version") !== VERSION) throw new HandshakeError("version");
    const count = reader.u8("suite count");
    if (count > MAX_SUITES) throw Malformed.value("suite count", count);
    const hello = {
      suites: reader.bytes(count, "suites"),
      random: reader.bytes(16, "random"),
      share: readShare(reader, mode),
      kemKey: reader.bytes(KEM_KEY, "ML-KEM key"),
    };
    reader.end();
    return hello;
  });
}

export function encodeHelloB(hello: HelloB): Bytes {
  return concat(Uint8Array.of(hello.suite), hello.share ?? EMPTY, hello.kemCiphertext);
}

/** The hello, its bytes, and Noise's part behind it. */
export function decodeHelloB(flight: Bytes, mode: Mode): { hello: HelloB; bytes: Bytes; noise: Bytes } {
  return orMalformed(() => {
    const reader = new Reader(flight);
    const hello = {
      suite: reader.u8("suite"),
      share: readShare(reader, mode),
      kemCiphertext: reader.bytes(KEM_CIPHERTEXT, "ML-KEM ciphertext"),
    };
    return { hello, bytes: flight.slice(0, reader.at), noise: reader.rest() };
  });
}

/** Our best suite among those offered. A doubled one is an attempt to confuse. */
export function chooseSuite(offered: Bytes): number {
  const suite = SUITES.find((ours) => offered.includes(ours));
  if (suite === undefined || new Set(offered).size !== offered.length) throw new HandshakeError("no_suite");
  return suite;
}

function readShare(reader: Reader, mode: Mode): Bytes | null {
  return mode === "code" ? reader.bytes(32, "share") : null;
}

function orMalformed<Hello>(read: () => Hello): Hello {
  try {
    return read();
  } catch (error) {
    throw error instanceof Malformed ? new HandshakeError("malformed") : error;
  }
}
