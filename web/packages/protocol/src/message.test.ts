import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { utf8 } from "./bytes.ts";
import { FAULTS, faultName } from "./fault.ts";
import { parseFromRelay } from "./message/from-relay.ts";
import { parseToRelay } from "./message/to-relay.ts";
import { encodeMessage } from "./message.ts";
import { text } from "./reader.ts";
import { Vector } from "./testing/vectors.ts";

const vectors = Vector.file("messages");
const texts = (name: string) =>
  vectors
    .at(name)
    .list()
    .map((vector) => vector.text());

/** JavaScript writes 30.0 as 30, so texts are compared as values. */
function same(written: Uint8Array, stored: string): void {
  expect(JSON.parse(text(written))).toEqual(JSON.parse(stored));
  expect(Object.keys(JSON.parse(text(written)))).toEqual(Object.keys(JSON.parse(stored)));
}

describe("relay messages", () => {
  test.each(texts("to_relay"))("to the relay: %s", (stored) => same(encodeMessage(parseToRelay(utf8(stored))), stored));
  test.each(texts("from_relay"))("from it: %s", (stored) => same(encodeMessage(parseFromRelay(utf8(stored))), stored));
  test.each(texts("refused_to_relay"))("refused: %s", (stored) => expect(() => parseToRelay(utf8(stored))).toThrow());
  test.each(texts("refused_from_relay"))("refused: %s", (stored) =>
    expect(() => parseFromRelay(utf8(stored))).toThrow(),
  );

  test("texts are bounded in bytes, not in letters", () => {
    const create = (reason: string) => parseToRelay(utf8(JSON.stringify({ type: "create", reason })));
    expect(create("é".repeat(250))).toEqual({ type: "create", reason: "é".repeat(250) });
    expect(() => create(`${"é".repeat(250)}n`)).toThrow();
  });

  test("a person's picture is a bitmap and nothing else", () => {
    const paired = (picture: string) => {
      const peer = { name: "n", subject: "s", issuer: "i", title: "Clerk", picture };
      return parseFromRelay(utf8(JSON.stringify({ type: "paired", pair: 0, peer, levels: ["view"] })));
    };
    expect(paired("data:image/png;base64,AAAA")).toMatchObject({ peer: { title: "Clerk" } });
    for (const url of [
      "https://x.example/a.png",
      "data:image/svg+xml;base64,AAAA",
      `data:image/png;base64,${"A".repeat(11_000)}`,
    ]) {
      expect(() => paired(url)).toThrow();
    }
  });
});

test("the faults have the names and numbers of the Rust twin", () => {
  const source = readFileSync(new URL("../../../../protocol/wire/src/fault.rs", import.meta.url), "utf8");
  const rows = [...source.matchAll(/^ {4}(\w+) = (\d+), ".*";$/gm)];
  expect(rows.length).toBe(Object.keys(FAULTS).length);
  for (const [, name, number] of rows) expect(faultName(`RH-${number}`)).toBe(name);
});
