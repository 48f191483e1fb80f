// `Noise_XXpsk0_25519_AESGCM_SHA256` on WebCrypto. Private keys never leave it.

import { type Bytes, concat, EMPTY, u64, utf8 } from "../bytes.ts";
import { HandshakeError } from "./established.ts";

const NAME = "Noise_XXpsk0_25519_AESGCM_SHA256";
const KEY = 32;
const TAG = 16;

type Token = "psk" | "e" | "s" | "ee" | "es" | "se";

/** The messages of XXpsk0, in order. */
const MESSAGES: readonly (readonly Token[])[] = [
  ["psk", "e"],
  ["e", "ee", "s", "es"],
  ["s", "se"],
];

/** An X25519 key. */
export interface KeyPair {
  readonly privateKey: CryptoKey;
  readonly publicKey: Bytes;
}

/** A fresh key that cannot be read out. */
export async function generateKeyPair(): Promise<KeyPair> {
  const pair = await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"]);
  if (!("privateKey" in pair)) throw new TypeError("no pair of keys");
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { privateKey: pair.privateKey, publicKey };
}

/** What one side brings. */
export interface Start {
  readonly initiator: boolean;
  readonly key: KeyPair;
  readonly ephemeral: KeyPair;
  readonly psk: Bytes;
  readonly prologue: Bytes;
}

/** What both sides have at the end. */
export interface Finished {
  readonly hash: Bytes;
  readonly theirKey: Bytes;
  /** The two keys of Split(), one after the other. */
  readonly split: Bytes;
}

export class Noise {
  readonly #start: Start;
  #hash = utf8(NAME);
  #chaining = utf8(NAME);
  #cipher: Bytes | null = null;
  #nonce = 0n;
  #theirEphemeral: Bytes | null = null;
  #theirKey: Bytes | null = null;
  #messages = 0;

  private constructor(start: Start) {
    this.#start = start;
  }

  static async begin(start: Start): Promise<Noise> {
    const noise = new Noise(start);
    await noise.#mixHash(start.prologue);
    return noise;
  }

  /** The static key of the other side, once it was read. */
  get theirKey(): Bytes | null {
    return this.#theirKey;
  }

  async write(payload: Bytes): Promise<Bytes> {
    const parts: Bytes[] = [];
    for (const token of this.#nextTokens()) {
      if (token === "e") {
        parts.push(this.#start.ephemeral.publicKey);
        await this.#mixEphemeral(this.#start.ephemeral.publicKey);
      } else if (token === "s") parts.push(await this.#encrypt(this.#start.key.publicKey));
      else await this.#mixSecret(token);
    }
    return concat(...parts, await this.#encrypt(payload));
  }

  async read(message: Bytes): Promise<Bytes> {
    let rest = message;
    const take = (length: number): Bytes => {
      if (rest.length < length) throw new HandshakeError("security_check");
      const part = rest.slice(0, length);
      rest = rest.slice(length);
      return part;
    };
    for (const token of this.#nextTokens()) {
      if (token === "e") {
        this.#theirEphemeral = take(KEY);
        await this.#mixEphemeral(this.#theirEphemeral);
      } else if (token === "s") this.#theirKey = await this.#decrypt(take(KEY + TAG));
      else await this.#mixSecret(token);
    }
    return this.#decrypt(rest);
  }

  async finish(): Promise<Finished> {
    if (this.#messages !== MESSAGES.length || this.#theirKey === null) throw new HandshakeError("security_check");
    const split = concat(...(await expand(this.#chaining, EMPTY, 2)));
    return { hash: this.#hash, theirKey: this.#theirKey, split };
  }

  #nextTokens(): readonly Token[] {
    const tokens = MESSAGES[this.#messages];
    if (tokens === undefined) throw new HandshakeError("security_check");
    this.#messages += 1;
    return tokens;
  }

  async #mixHash(data: Bytes): Promise<void> {
    this.#hash = new Uint8Array(await crypto.subtle.digest("SHA-256", concat(this.#hash, data)));
  }

  async #mixKey(input: Bytes): Promise<void> {
    const [chaining = EMPTY, cipher = EMPTY] = await expand(this.#chaining, input, 2);
    this.#chaining = chaining;
    this.#useCipher(cipher);
  }

  /** With a pre-shared key an ephemeral key is mixed into the keys as well. */
  async #mixEphemeral(key: Bytes): Promise<void> {
    await this.#mixHash(key);
    await this.#mixKey(key);
  }

  async #mixSecret(token: "psk" | "ee" | "es" | "se"): Promise<void> {
    if (token !== "psk") return this.#mixKey(await this.#agree(token));
    const [chaining = EMPTY, mixed = EMPTY, cipher = EMPTY] = await expand(this.#chaining, this.#start.psk, 3);
    this.#chaining = chaining;
    await this.#mixHash(mixed);
    this.#useCipher(cipher);
  }

  /** The Diffie-Hellman result of a token, whose first letter is the initiator's key. */
  async #agree(token: "ee" | "es" | "se"): Promise<Bytes> {
    const { initiator, key, ephemeral } = this.#start;
    const ours = token[initiator ? 0 : 1] === "e" ? ephemeral : key;
    const theirs = token[initiator ? 1 : 0] === "e" ? this.#theirEphemeral : this.#theirKey;
    if (theirs === null) throw new HandshakeError("security_check");
    try {
      const imported = await crypto.subtle.importKey("raw", theirs, { name: "X25519" }, false, []);
      const algorithm = { name: "X25519", public: imported };
      const shared = new Uint8Array(await crypto.subtle.deriveBits(algorithm, ours.privateKey, 8 * KEY));
      if (shared.some((byte) => byte !== 0)) return shared;
    } catch {
      // WebCrypto refuses the all-zero result by itself.
    }
    throw new HandshakeError("security_check");
  }

  #useCipher(key: Bytes): void {
    this.#cipher = key;
    this.#nonce = 0n;
  }

  async #encrypt(text: Bytes): Promise<Bytes> {
    const { key, parameters } = await this.#nextCipher("encrypt");
    const sealed = new Uint8Array(await crypto.subtle.encrypt(parameters, key, text));
    await this.#mixHash(sealed);
    return sealed;
  }

  async #decrypt(sealed: Bytes): Promise<Bytes> {
    const { key, parameters } = await this.#nextCipher("decrypt");
    const opened = await crypto.subtle.decrypt(parameters, key, sealed).catch(() => null);
    if (opened === null) throw new HandshakeError("security_check");
    await this.#mixHash(sealed);
    return new Uint8Array(opened);
  }

  async #nextCipher(usage: "encrypt" | "decrypt"): Promise<{ key: CryptoKey; parameters: AesGcmParams }> {
    if (this.#cipher === null) throw new HandshakeError("security_check");
    const iv = concat(new Uint8Array(4), u64(this.#nonce));
    this.#nonce += 1n;
    const key = await crypto.subtle.importKey("raw", this.#cipher, "AES-GCM", false, [usage]);
    return { key, parameters: { name: "AES-GCM", iv, additionalData: this.#hash, tagLength: 128 } };
  }
}

/** Noise's HKDF: so many blocks of 32 bytes. */
async function expand(chaining: Bytes, input: Bytes, blocks: number): Promise<Bytes[]> {
  const key = await crypto.subtle.importKey("raw", input, "HKDF", false, ["deriveBits"]);
  const algorithm = { name: "HKDF", hash: "SHA-256", salt: chaining, info: EMPTY };
  const bits = new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 8 * KEY * blocks));
  return Array.from({ length: blocks }, (_, at) => bits.slice(at * KEY, (at + 1) * KEY));
}
