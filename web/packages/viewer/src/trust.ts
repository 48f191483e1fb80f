// By what an end is known, and how it knows the other one.

import {
  Anchor,
  type Bundle,
  type Bytes,
  encodeCredential,
  HandshakeError,
  type Identity,
  type KeyPair,
  NotThemError,
  neededKey,
  type Role,
} from "@handrail/protocol";
import type { Bound } from "./bound.ts";
import type { Provider } from "./provider.ts";

/** What a session needs of the two people's identities. */
export interface Trust {
  /** The Noise static key that the person's sign-in is bound to. */
  readonly key: KeyPair;
  /** The domain that the organisation is known by. */
  readonly domain: string;
  /** What the other end is told about this one. */
  credential(client: string): Bytes;
  /** Who the other end is. Rejects with a `HandshakeError`, `unverified`. */
  verify(credential: Bytes, peerKey: Bytes): Promise<Identity>;
}

/** What a sharer needs beside it. */
export interface SharerTrust extends Trust {
  /** What its person belongs to. */
  readonly bundle: Bundle;
  /** The public half of the key that signs consents. */
  readonly signingKey: Bytes;
  sign(message: Bytes): Promise<Bytes>;
}

/** The trust of a person who is signed in, in an organisation that is known. */
export class BoundTrust implements SharerTrust {
  readonly #role: Role;
  readonly #bound: Bound;
  readonly #anchor: Anchor;
  readonly #provider: Provider;
  readonly #now: () => number;

  /** `now` counts milliseconds since 1970. */
  constructor(role: Role, bound: Bound, bundle: Bundle, provider: Provider, now: () => number = Date.now) {
    this.#role = role;
    this.#bound = bound;
    this.#anchor = new Anchor(bundle);
    this.#provider = provider;
    this.#now = now;
  }

  get key(): KeyPair {
    return this.#bound.binding.x25519;
  }

  get bundle(): Bundle {
    return this.#anchor.bundle;
  }

  get domain(): string {
    return this.bundle.domain;
  }

  get signingKey(): Bytes {
    return this.#bound.binding.ed25519.publicKey;
  }

  async sign(message: Bytes): Promise<Bytes> {
    const { privateKey } = this.#bound.binding.ed25519;
    return new Uint8Array(await crypto.subtle.sign("Ed25519", privateKey, message));
  }

  credential(client: string): Bytes {
    const { binding, idToken } = this.#bound;
    const { ed25519, rand } = binding;
    return encodeCredential({ role: this.#role, client, id_token: idToken, ed25519: ed25519.publicKey, rand });
  }

  async verify(credential: Bytes, peerKey: Bytes): Promise<Identity> {
    const keys = await this.#provider.keys(neededKey(credential, this.#role));
    if (keys === null) throw new HandshakeError("unverified");
    try {
      return await this.#anchor.verify(credential, peerKey, this.#role, keys, Math.floor(this.#now() / 1000));
    } catch (error) {
      throw error instanceof NotThemError ? new HandshakeError("unverified") : error;
    }
  }
}
