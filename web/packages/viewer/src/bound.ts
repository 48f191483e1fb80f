// A sign-in and the keys that it is bound to, as a browser keeps them. Page and worker read the same record.

import { BINDING_LIFE, type Binding } from "@handrail/protocol";
import type { Store } from "./store.ts";

/**
 * A person's sign-in of this browser.
 *
 * INVARIANT: only the ID token is kept, beside keys that cannot be exported; the relay accepts it nowhere.
 */
export interface Bound {
  readonly binding: Binding;
  readonly idToken: string;
  readonly issuer: string;
  readonly subject: string;
  /** Milliseconds since 1970: `iat` of the ID token. */
  readonly signedIn: number;
}

/** Keys whose person is at the provider. */
interface Waiting {
  readonly binding: Binding;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
}

const SIGNED_IN = "signed-in";
const WAITING = "waiting ";
/** Milliseconds that the keys count, and how much of them has to be left for a session to begin. */
const LIFE = BINDING_LIFE * 1000;
const LEAST = 30 * 60 * 1000;
/** Milliseconds that a person may be at the provider. */
const PATIENCE = 60 * 60 * 1000;

export class Bindings {
  readonly #store: Store;
  readonly #now: () => number;

  constructor(store: Store, now: () => number = Date.now) {
    this.#store = store;
    this.#now = now;
  }

  /** Keeps keys until their sign-in comes back; those of a sign-in that never did go. */
  async wait(nonce: string, binding: Binding): Promise<void> {
    const now = this.#now();
    for (const key of await this.#store.keys()) {
      if (!key.startsWith(WAITING)) continue;
      const waiting = await this.#store.get(key);
      if (!isWaiting(waiting) || now - waiting.madeAt > PATIENCE) await this.#store.remove(key);
    }
    await this.#store.put(WAITING + nonce, { binding, madeAt: now } satisfies Waiting);
  }

  /** The sign-in of these keys came back: good once. False if they are not there, or too old. */
  async bind(nonce: string, signedIn: Omit<Bound, "binding">): Promise<boolean> {
    const waiting = await this.#store.get(WAITING + nonce);
    await this.#store.remove(WAITING + nonce);
    if (!isWaiting(waiting) || this.#now() - waiting.madeAt > PATIENCE) return false;
    await this.#store.put(SIGNED_IN, { ...signedIn, binding: waiting.binding } satisfies Bound);
    return true;
  }

  /** The sign-in that counts; null if there is none, or less than half an hour of it is left. Old ones go. */
  async current(): Promise<Bound | null> {
    const bound = await this.#store.get(SIGNED_IN);
    if (!isBound(bound)) return null;
    const age = this.#now() - bound.signedIn;
    if (age >= LIFE) await this.forget();
    return age < LIFE - LEAST ? bound : null;
  }

  /** The person signed out, or is another one. */
  async forget(): Promise<void> {
    await this.#store.remove(SIGNED_IN);
  }
}

function isWaiting(value: unknown): value is Waiting {
  return hasMembers(value, ["binding", "madeAt"]);
}

/** What is in the store was put there by this file; another version may have had other members. */
function isBound(value: unknown): value is Bound {
  return hasMembers(value, ["binding", "idToken", "issuer", "subject", "signedIn"]);
}

function hasMembers(value: unknown, names: readonly string[]): boolean {
  return typeof value === "object" && value !== null && names.every((name) => name in value);
}
