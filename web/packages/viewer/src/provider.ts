// The keys of an issuer, fetched by this program itself (OpenID Connect Discovery 1.0).

import { type KeySet, readKeySet } from "@handrail/protocol";
import type { Fetch } from "./fetched.ts";

/** Milliseconds: how long keys count as fresh, and how often at most they are fetched for one that is unknown. */
const FRESH = 60 * 60 * 1000;
const INTERVAL = 30 * 1000;

export class Provider {
  readonly #issuer: string;
  readonly #fetch: Fetch;
  readonly #now: () => number;
  #keys: KeySet | null = null;
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #under: Promise<void> | null = null;

  /** `now` counts milliseconds, from any start. */
  constructor(issuer: string, fetch: Fetch, now: () => number) {
    this.#issuer = issuer;
    this.#fetch = fetch;
    this.#now = now;
  }

  /** The keys, fetched anew where they are old, or lack this one. Null if there are none to be had. */
  async keys(wanted: string | null): Promise<KeySet | null> {
    const isOld = this.#now() - this.#fetchedAt >= FRESH;
    const isLacking = wanted !== null && this.#keys?.has(wanted) !== true;
    if (this.#under === null && (isOld || isLacking) && this.#now() - this.#triedAt >= INTERVAL) {
      this.#under = this.#attempt().finally(() => {
        this.#under = null;
      });
    }
    await this.#under;
    return this.#keys;
  }

  /** The first fetch that brings keys does not stand in the way of one for an unknown key. */
  async #attempt(): Promise<void> {
    const [isFirst, begun] = [this.#keys === null, this.#now()];
    await this.#refresh();
    if (!isFirst || this.#keys === null) this.#triedAt = begun;
  }

  async #refresh(): Promise<void> {
    const address = await this.#keysAddress();
    const bytes = address === null ? null : await this.#fetch(address);
    const keys = bytes && readKeySet(bytes);
    if (keys === null) return;
    this.#keys = keys;
    this.#fetchedAt = this.#now();
  }

  /** Where the issuer publishes its keys, in a document that speaks for exactly this issuer. */
  async #keysAddress(): Promise<string | null> {
    const bytes = await this.#fetch(`${this.#issuer.replace(/\/+$/, "")}/.well-known/openid-configuration`);
    try {
      const found: unknown = bytes && JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
      if (typeof found !== "object" || found === null) return null;
      const members = new Map<string, unknown>(Object.entries(found));
      const address = members.get("jwks_uri");
      const isTheirs = members.get("issuer") === this.#issuer;
      return isTheirs && typeof address === "string" && address.startsWith("https://") ? address : null;
    } catch {
      return null;
    }
  }
}
