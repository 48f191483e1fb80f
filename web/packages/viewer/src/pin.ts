// What this browser knows of an organisation for good: the tenant key and the last bundle of each relay (SPEC 8.6).

import { type Bundle, bundleKey, encodeBase64url, type FaultName, readBundle } from "@handrail/protocol";
import type { Store } from "./store.ts";

interface Pin {
  /** The tenant key, base64url. */
  readonly key: string;
  readonly serial: number;
  readonly issuer: string;
}

/** What the person's own token says about where they belong. */
export interface Own {
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly tenant: string | null;
}

/** A relay that does not speak for the organisation that it should. */
export class PinError extends Error {
  override readonly name = "PinError";

  constructor(readonly fault: FaultName) {
    super(`the organisation of the relay cannot be taken: ${fault}`);
  }
}

export class Pins {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The bundle that the relay at this origin shows, pinned from now on. Rejects with a `PinError`. */
  async take(origin: string, raw: string, own: Own): Promise<Bundle> {
    const key = bundleKey(raw);
    if (key === null) throw new PinError("NoBundle");
    const bundle = await readBundle(raw, key);
    if (typeof bundle === "string") throw new PinError("NoBundle");
    const pin = { key: encodeBase64url(key), serial: bundle.serial, issuer: bundle.issuer };
    const kept = await this.#store.get(origin);
    if (isPin(kept) && !continues(kept, pin)) throw new PinError("OrganisationChanged");
    const isOurs = own.issuer === bundle.issuer && own.audiences.includes(bundle.clients.browser);
    if (!isOurs) throw new PinError("OrganisationChanged");
    if (bundle.tid && own.tenant !== bundle.tenant) throw new PinError("OtherOrganisation");
    await this.#store.put(origin, pin);
    return bundle;
  }
}

/** The same key and issuer, and no step back. */
function continues(kept: Pin, pin: Pin): boolean {
  return kept.key === pin.key && kept.issuer === pin.issuer && kept.serial <= pin.serial;
}

function isPin(value: unknown): value is Pin {
  return typeof value === "object" && value !== null && "key" in value && "serial" in value && "issuer" in value;
}
