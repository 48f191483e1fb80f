// What the two hellos lead to: CPace's inputs, Noise's pre-shared key, the secret of generation 0 (SPEC 8.1, 8.3).

import { type Bytes, concat, lv, utf8 } from "../bytes.ts";
import { importSecret } from "../keys.ts";
import type { Role } from "../message/parts.ts";
import { type Context, type Established, HandshakeError, MAX_CREDENTIAL } from "./established.ts";
import { type Mode, VERSION } from "./hello.ts";
import type { Noise } from "./noise.ts";

/** CPace's session: the relay's name of the session, and the sharer's randomness. */
export function cpaceSession(context: Context, random: Bytes): Bytes {
  return context.session.map((byte, at) => byte ^ (random[at] ?? 0));
}

export function cpaceChannel(context: Context): Bytes {
  return concat(utf8("rh/1 code"), utf8(context.tenant));
}

export function cpaceData(role: Role, suites: Bytes): Bytes {
  return concat(utf8(role), Uint8Array.of(VERSION), suites);
}

/** What was said, in which mode. */
export interface Hellos {
  readonly mode: Mode;
  readonly a: Bytes;
  readonly b: Bytes;
}

/** What both ends have then: CPace's key, empty without a code, and ML-KEM's. */
export interface Secrets {
  readonly isk: Bytes;
  readonly kem: Bytes;
}

/** Noise's pre-shared key and prologue. */
export async function agree(
  context: Context,
  { mode, a, b }: Hellos,
  { isk, kem }: Secrets,
): Promise<{ psk: Bytes; prologue: Bytes }> {
  const transcript = new Uint8Array(await crypto.subtle.digest("SHA-256", concat(a, b)));
  const psk = await hkdf(transcript, lv(isk, kem), "rh/1 psk");
  const prologue = concat(utf8("rh/1"), lv(utf8(mode), utf8(context.tenant)), context.session, transcript);
  return { psk, prologue };
}

/** Ends a handshake whose last flight was written or read. */
export async function establish(role: Role, context: Context, noise: Noise, credential: Bytes): Promise<Established> {
  if (credential.length > MAX_CREDENTIAL) throw new HandshakeError("security_check");
  const { hash, theirKey, split } = await noise.finish();
  const secret = await hkdf(hash, split, "rh/1 generation 0");
  split.fill(0);
  const imported = await importSecret(secret);
  secret.fill(0);
  return { role, session: context.session, hash, peerKey: theirKey, credential, secret: Promise.resolve(imported) };
}

async function hkdf(salt: Bytes, input: Bytes, info: string): Promise<Bytes> {
  const key = await crypto.subtle.importKey("raw", input, "HKDF", false, ["deriveBits"]);
  const algorithm = { name: "HKDF", hash: "SHA-256", salt, info: utf8(info) };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 256));
}
