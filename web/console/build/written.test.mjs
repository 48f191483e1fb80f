// What is written by a script and committed is what the script writes today.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readFaults, written, writtenForSharers } from "./faults.mjs";

const read = (name) => readFileSync(new URL(`../src/${name}`, import.meta.url), "utf8");
/** The formatter may break lines where it likes. */
const unbroken = (text) => text.replaceAll(/\s+/g, "");

test("the texts of the faults are those of docs/faults.md", () => {
  const faults = readFaults();
  expect(faults.length).toBeGreaterThan(30);
  for (const [name, text] of Object.entries(written(faults))) {
    expect(unbroken(read(`fault/${name}`)), `run \`npm run faults\`: ${name}`).toBe(unbroken(text));
  }
  const sharers = readFileSync(new URL("../../sharer/src/fault/sentences.ts", import.meta.url), "utf8");
  expect(unbroken(sharers), "run `npm run faults`").toBe(unbroken(writtenForSharers(faults)));
});
