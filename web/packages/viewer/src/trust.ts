// By what a helper is known, and how it knows the sharer.

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
  toHex,
} from "@handrail/protocol";
import type { Bound } from "./bound.ts";
import type { Provider } from "./provider.ts";

/** What a session needs of the two people's identities. */
export interface Trust {
  /** The Noise static key that the person's sign-in is bound to. */
  readonly key: KeyPair;
  /** Its public half, 64 hex digits. */
  readonly helperKey: string;
  /** The domain that the organisation is known by. */
  readonly domain: string;
  /** What the other end is told about this one. */
  credential(client: string): Bytes;
  /** Who the other end is. Rejects with a `HandshakeError`, `unverified`. */
  verify(credential: Bytes, peerKey: Bytes): Promise<Identity>;
}

/** The trust of a person who is signed in, in an organisation that is known. */
export class BoundTrust implements Trust {
  readonly #bound: Bound;
  readonly #anchor: Anchor;
  readonly #provider: Provider;
  readonly #now: () => number;

  /** `now` counts milliseconds since 1970. */
  constructor(bound: Bound, bundle: Bundle, provider: Provider, now: () => number = Date.now) {
    this.#bound = bound;
    this.#anchor = new Anchor(bundle);
    this.#provider = provider;
    this.#now = now;
  }

  get key(): KeyPair {
    return this.#bound.binding.x25519;
  }

  get helperKey(): string {
    return toHex(this.key.publicKey);
  }

  get domain(): string {
    return this.#anchor.bundle.domain;
  }

  credential(client: string): Bytes {
    const { binding, idToken } = this.#bound;
    const { ed25519, rand } = binding;
    return encodeCredential({ role: "helper", client, id_token: idToken, ed25519: ed25519.publicKey, rand });
  }

  async verify(credential: Bytes, peerKey: Bytes): Promise<Identity> {
    const keys = await this.#provider.keys(neededKey(credential, "helper"));
    if (keys === null) throw new HandshakeError("unverified");
    try {
      return await this.#anchor.verify(credential, peerKey, "helper", keys, Math.floor(this.#now() / 1000));
    } catch (error) {
      throw error instanceof NotThemError ? new HandshakeError("unverified") : error;
    }
  }
}
