// The keys that an issuer publishes (RFC 7517), as far as they may verify a token.

import { type Bytes, concat } from "../bytes.ts";
import * as shape from "../shape.ts";
import { decodeBase64url } from "./base64url.ts";

/** How an issuer signs. Everything else is refused. */
export type Algorithm = "RS256" | "ES256" | "EdDSA";

const PARAMETERS: Record<
  Algorithm,
  { readonly imported: EcKeyImportParams & RsaHashedImportParams; readonly used: EcdsaParams }
> = {
  RS256: parameters("RSASSA-PKCS1-v1_5"),
  ES256: parameters("ECDSA"),
  EdDSA: parameters("Ed25519"),
};

function parameters(name: string) {
  return { imported: { name, hash: "SHA-256", namedCurve: "P-256" }, used: { name, hash: "SHA-256" } };
}

const MOST_KEYS = 50;
const MAX_ID = 255;
/** Bytes of a modulus. */
const RSA = { least: 256, most: 1024 };

/** One public key, good for one algorithm. */
export class IssuerKey {
  readonly algorithm: Algorithm;
  readonly #jwk: JsonWebKey;

  constructor(algorithm: Algorithm, jwk: JsonWebKey) {
    this.algorithm = algorithm;
    this.#jwk = jwk;
  }

  async verifies(message: Bytes, signature: Bytes): Promise<boolean> {
    const { imported, used } = PARAMETERS[this.algorithm];
    try {
      const key = await crypto.subtle.importKey("jwk", this.#jwk, imported, false, ["verify"]);
      return await crypto.subtle.verify(used, key, signature, message);
    } catch {
      // A point that is on no curve, or a number that no key has.
      return false;
    }
  }
}

export type KeySet = ReadonlyMap<string, IssuerKey>;

/** Reads a key set; null if it is not used at all. Keys that may not verify a token are left out. */
export function readKeySet(bytes: Uint8Array): KeySet | null {
  const keys = new Map<string, IssuerKey>();
  try {
    for (const published of shape.list(shape.parseObject(bytes).get("keys"), MOST_KEYS)) {
      const [id, key] = readKey(published) ?? [];
      if (id === undefined || key === undefined) continue;
      // Which of two keys is meant is anybody's guess.
      if (keys.has(id)) return null;
      keys.set(id, key);
    }
  } catch {
    return null;
  }
  return keys.size === 0 ? null : keys;
}

function readKey(published: unknown): readonly [string, IssuerKey] | null {
  if (typeof published !== "object" || published === null) return null;
  const members = new Map<string, unknown>(Object.entries(published));
  const text = (name: string): string | null => {
    const value = members.get(name);
    return typeof value === "string" ? value : null;
  };
  const id = text("kid");
  if (id === null || id === "" || new TextEncoder().encode(id).length > MAX_ID) return null;
  if ((text("use") ?? "sig") !== "sig") return null;
  const key = publicKey(text);
  return key === null || (text("alg") ?? key.algorithm) !== key.algorithm ? null : [id, key];
}

/** Shared secrets and unknown kinds are none. */
function publicKey(text: (name: string) => string | null): IssuerKey | null {
  const [kind, curve] = [text("kty"), text("crv")];
  const [n, e, x, y] = [text("n"), text("e"), text("x"), text("y")];
  if (kind === "RSA" && n !== null && e !== null) {
    return isStrong(n, e) ? new IssuerKey("RS256", { kty: kind, n, e }) : null;
  }
  if (x === null || decodeBase64url(x, 32) === null) return null;
  if (kind === "OKP" && curve === "Ed25519") return new IssuerKey("EdDSA", { kty: kind, crv: curve, x });
  if (kind !== "EC" || curve !== "P-256" || y === null || decodeBase64url(y, 32) === null) return null;
  return new IssuerKey("ES256", { kty: kind, crv: curve, x, y });
}

/** 2048 bits or more: the first byte of 256 counts whole only if its top bit is set. */
function isStrong(modulus: string, exponent: string): boolean {
  const [n, e] = [decodeBase64url(modulus), decodeBase64url(exponent)];
  if (n === null || e === null) return false;
  const digits = n.slice(n.findIndex((byte) => byte !== 0));
  const isBig = digits.length > RSA.least || (digits.length === RSA.least && (digits[0] ?? 0) >= 0x80);
  const isOdd = ((e.at(-1) ?? 0) & 1) === 1;
  const isOne = concat(e).every((byte, at) => byte === (at === e.length - 1 ? 1 : 0));
  return isBig && digits.length <= RSA.most && isOdd && !isOne;
}
