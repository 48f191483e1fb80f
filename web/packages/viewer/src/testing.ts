// What tests have instead of a browser.

import type { Store } from "./store.ts";

export class MemoryStore implements Store {
  readonly #values = new Map<string, object>();

  get(key: string): Promise<unknown> {
    return Promise.resolve(this.#values.get(key));
  }

  put(key: string, value: object): Promise<void> {
    this.#values.set(key, value);
    return Promise.resolve();
  }

  remove(key: string): Promise<void> {
    this.#values.delete(key);
    return Promise.resolve();
  }

  keys(): Promise<readonly string[]> {
    return Promise.resolve([...this.#values.keys()]);
  }
}
