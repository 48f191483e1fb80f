// A client's keys, bound to the person who signs in with it: the sign-in's nonce commits to them (SPEC 8.4).

import { type Bytes, concat, utf8 } from "../bytes.ts";
import { generateKeyPair, type KeyPair } from "../handshake/noise.ts";
import { encodeBase64url } from "./base64url.ts";

/** The keys of one sign-in. Private halves cannot be read out. */
export interface Binding {
  readonly x25519: KeyPair;
  readonly ed25519: KeyPair;
  /** 32 bytes that hide the keys from the provider. */
  readonly rand: Bytes;
}

/** Fresh keys, before anybody signs in. */
export async function drawBinding(): Promise<Binding> {
  const pair = await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
  if (!("privateKey" in pair)) throw new TypeError("no pair of keys");
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const ed25519 = { privateKey: pair.privateKey, publicKey };
  return { x25519: await generateKeyPair(), ed25519, rand: crypto.getRandomValues(new Uint8Array(32)) };
}

/** The nonce that commits to these keys. */
export async function nonceOf(x25519: Bytes, ed25519: Bytes, rand: Bytes): Promise<string> {
  const bytes = concat(utf8("rh-nonce/1"), x25519, ed25519, rand);
  return encodeBase64url(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** The nonce to sign in with. */
export function bindingNonce({ x25519, ed25519, rand }: Binding): Promise<string> {
  return nonceOf(x25519.publicKey, ed25519.publicKey, rand);
}
