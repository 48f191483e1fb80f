// The helpers who have helped in this browser before: with a stranger the person is given time (PRODUCT 10.6).

import type { Identity } from "@handrail/protocol";
import type { Store } from "@handrail/viewer/end";

export class Contacts {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** A browser that keeps nothing makes everybody a stranger: that errs on the safe side. */
  async knows(helper: Identity): Promise<boolean> {
    return (await this.#store.get(keyOf(helper)).catch(() => undefined)) !== undefined;
  }

  /** The helper was allowed something. */
  async note(helper: Identity): Promise<void> {
    await this.#store.put(keyOf(helper), { at: Date.now() }).catch(() => {});
  }
}

function keyOf({ issuer, subject }: Identity): string {
  return `${issuer} ${subject}`;
}
