// Keys of the sealed records (SPEC 9.1): one key and one salt for each generation, direction and channel.

import { type Bytes, concat, EMPTY, u32, u64, utf8 } from "./bytes.ts";
import type { Channel } from "./channel.ts";
import type { Role } from "./message/parts.ts";

/** What keys depend on beside the secret. */
export interface Purpose {
  /** The handshake hash. */
  readonly hash: Bytes;
  readonly sender: Role;
  readonly channel: Channel;
  readonly generation: number;
}

/** The secret of a generation: nothing but keys can be made of it. */
export type Secret = CryptoKey;

/** Takes 32 bytes; the caller wipes its own copy once this is settled. */
export function importSecret(bytes: Bytes): Promise<Secret> {
  return crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveBits", "deriveKey"]);
}

export function senderNumber(role: Role): number {
  return role === "helper" ? 1 : 2;
}

/** What the seal authenticates before the clear header (SPEC 9.3). */
export function associated(hash: Bytes, session: Bytes, sender: Role): Bytes {
  return concat(hash, session, Uint8Array.of(senderNumber(sender)));
}

/** The key of one generation, direction and channel. Its bytes cannot be read. */
export class RecordKey {
  readonly #made: Promise<{ key: CryptoKey; salt: Bytes }>;

  constructor(secret: Promise<Secret>, purpose: Purpose) {
    this.#made = secret.then(async (from) => {
      const [key, salt] = await Promise.all([deriveKey(from, purpose), deriveSalt(from, purpose)]);
      return { key, salt };
    });
    // Whoever uses the key sees the failure; a key that nobody uses must not end the program.
    this.#made.catch(() => {});
  }

  /** Ciphertext and tag. A counter must never be used twice with one key. */
  async seal(counter: bigint, clear: Bytes, text: Bytes): Promise<Bytes> {
    const { key, salt } = await this.#made;
    return new Uint8Array(await crypto.subtle.encrypt(parameters(salt, counter, clear), key, text));
  }

  /** The text; rejects if the tag does not fit. */
  async open(counter: bigint, clear: Bytes, sealed: Bytes): Promise<Bytes> {
    const { key, salt } = await this.#made;
    return new Uint8Array(await crypto.subtle.decrypt(parameters(salt, counter, clear), key, sealed));
  }
}

function parameters(salt: Bytes, counter: bigint, clear: Bytes): AesGcmParams {
  return { name: "AES-GCM", iv: nonce(salt, counter), additionalData: clear, tagLength: 128 };
}

/** The salt with the counter over its last 8 bytes. */
function nonce(salt: Bytes, counter: bigint): Bytes {
  const place = concat(new Uint8Array(4), u64(counter));
  return place.map((byte, at) => byte ^ (salt[at] ?? 0));
}

function deriveKey(secret: Secret, purpose: Purpose): Promise<CryptoKey> {
  const aes = { name: "AES-GCM", length: 256 };
  return crypto.subtle.deriveKey(hkdf("rh/1 key", purpose), secret, aes, false, ["encrypt", "decrypt"]);
}

async function deriveSalt(secret: Secret, purpose: Purpose): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.deriveBits(hkdf("rh/1 salt", purpose), secret, 96));
}

function hkdf(label: string, { hash, sender, channel, generation }: Purpose): HkdfParams {
  const numbers = Uint8Array.of(senderNumber(sender), channel);
  const info = concat(utf8(label), hash, numbers, u32(generation));
  return { name: "HKDF", hash: "SHA-256", salt: EMPTY, info };
}
