// ML-KEM-768 (FIPS 203): keeps the session secret from later quantum computers.

import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { type Bytes, concat } from "../bytes.ts";
import { HandshakeError } from "./established.ts";

export const KEM_KEY = 1184;
export const KEM_CIPHERTEXT = 1088;

/** Answers a key; `message` are 32 fresh bytes, wiped here. */
export function encapsulate(key: Bytes, message: Bytes): { ciphertext: Bytes; secret: Bytes } {
  try {
    const { cipherText, sharedSecret } = ml_kem768.encapsulate(key, message);
    return { ciphertext: concat(cipherText), secret: concat(sharedSecret) };
  } catch {
    throw new HandshakeError("security_check");
  } finally {
    message.fill(0);
  }
}

/** A fresh pair of `seed`, 64 fresh bytes, wiped here. */
export function drawKem(seed: Bytes): { publicKey: Bytes; secretKey: Bytes } {
  const { publicKey, secretKey } = ml_kem768.keygen(seed);
  seed.fill(0);
  return { publicKey: concat(publicKey), secretKey: concat(secretKey) };
}

/** What the answer to our key holds. */
export function decapsulate(ciphertext: Bytes, secretKey: Bytes): Bytes {
  try {
    return concat(ml_kem768.decapsulate(ciphertext, secretKey));
  } catch {
    throw new HandshakeError("security_check");
  }
}
