// A sign-in service with a key of its own, and people who sign in with it.

import { type Bytes, utf8 } from "../bytes.ts";
import { encodeCredential } from "../handshake/credential.ts";
import { encodeBase64url } from "../identity/base64url.ts";
import { type Binding, bindingNonce, drawBinding } from "../identity/binding.ts";
import type { Bundle } from "../identity/bundle.ts";
import type { Role } from "../message/parts.ts";

const KEY = "key-1";
const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** The organisation of the tests. */
export const BUNDLE: Bundle = {
  v: 1,
  serial: 1,
  iat: 1_764_000_000,
  issuer: "https://id.contoso.example",
  tenant: "contoso",
  tid: false,
  domain: "contoso.example",
  name: "Contoso",
  clients: {
    browser: "handrail-console",
    helper: "handrail-helper",
    sharer: "handrail-sharer",
    scope: "openid profile",
  },
  roles: { claim: "roles", elevation: "handrail.elevation", unattended: "handrail.unattended" },
  grant_keys: [encodeBase64url(new Uint8Array(32).fill(2))],
  policy: { browser_elevation: false, scripted_consent: true },
};

/** Signs people in, and publishes its key. */
export class TestIssuer {
  readonly #pair: CryptoKeyPair;

  private constructor(pair: CryptoKeyPair) {
    this.#pair = pair;
  }

  static async draw(): Promise<TestIssuer> {
    return new TestIssuer(await crypto.subtle.generateKey(ECDSA, false, ["sign", "verify"]));
  }

  /** What it answers at its addresses; null elsewhere. */
  async answer(address: string): Promise<Bytes | null> {
    const keys = `${BUNDLE.issuer}/keys`;
    if (address === keys) {
      const jwk = await crypto.subtle.exportKey("jwk", this.#pair.publicKey);
      return utf8(JSON.stringify({ keys: [{ kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y, kid: KEY, use: "sig" }] }));
    }
    if (address !== `${BUNDLE.issuer}/.well-known/openid-configuration`) return null;
    return utf8(JSON.stringify({ issuer: BUNDLE.issuer, jwks_uri: keys }));
  }

  /** A token with these claims. */
  async token(claims: object, kid = KEY): Promise<string> {
    const encode = (value: object) => encodeBase64url(utf8(JSON.stringify(value)));
    const message = `${encode({ alg: "ES256", kid, typ: "JWT" })}.${encode(claims)}`;
    const signature = new Uint8Array(await crypto.subtle.sign(ECDSA, this.#pair.privateKey, utf8(message)));
    return `${message}.${encodeBase64url(signature)}`;
  }
}

/** Somebody who signed in, with keys that are bound to it. */
export class Person {
  readonly binding: Binding;
  readonly idToken: string;

  private constructor(binding: Binding, idToken: string) {
    this.binding = binding;
    this.idToken = idToken;
  }

  /** `now` is the moment of the sign-in in seconds; `differ` are claims that are other ones than usual. */
  static async signIn(issuer: TestIssuer, role: Role, now: number, differ: object = {}): Promise<Person> {
    const binding = await drawBinding();
    const who = role === "helper" ? { sub: "a1", name: "Amina Diallo" } : { sub: "y1", name: "Yuki Tanaka" };
    const aud = role === "helper" ? BUNDLE.clients.browser : BUNDLE.clients.sharer;
    const times = { iat: now, exp: now + 3600 };
    const claims = { iss: BUNDLE.issuer, aud, ...who, ...times, nonce: await bindingNonce(binding), ...differ };
    return new Person(binding, await issuer.token(claims));
  }

  credential(role: Role): Bytes {
    const { ed25519, rand } = this.binding;
    return encodeCredential({ role, client: "test", id_token: this.idToken, ed25519: ed25519.publicKey, rand });
  }
}
