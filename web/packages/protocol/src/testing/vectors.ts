// The golden bytes beside SPEC, read from the repository.

import { readFileSync } from "node:fs";
import { type Bytes, fromHex } from "../bytes.ts";

/** One value of a vector file; the test that reads it knows its form. */
export class Vector {
  readonly #value: unknown;

  constructor(value: unknown) {
    this.#value = value;
  }

  static file(name: string): Vector {
    const url = new URL(`../../../../../protocol/vectors/${name}.json`, import.meta.url);
    return new Vector(JSON.parse(readFileSync(url, "utf8")));
  }

  get value(): unknown {
    return this.#value;
  }

  at(name: string): Vector {
    if (typeof this.#value !== "object" || this.#value === null) throw new TypeError(`no ${name} here`);
    return new Vector(new Map(Object.entries(this.#value)).get(name));
  }

  list(): Vector[] {
    if (!Array.isArray(this.#value)) throw new TypeError("no list");
    return this.#value.map((value) => new Vector(value));
  }

  text(): string {
    if (typeof this.#value !== "string") throw new TypeError("no text");
    return this.#value;
  }

  number(): number {
    if (typeof this.#value !== "number") throw new TypeError("no number");
    return this.#value;
  }

  is(): boolean {
    return this.#value === true;
  }

  hex(): Bytes {
    const bytes = fromHex(this.text().toLowerCase());
    if (bytes === null) throw new TypeError("no hex");
    return bytes;
  }
}
