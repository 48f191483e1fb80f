// `npm run size`: fails if the first page costs more than its budget. Counts what `/` loads before it can be used, compressed.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const BUDGET = 200 * 1024;
const ROOT = fileURLToPath(new URL("../dist/", import.meta.url));

const manifest = new Map(Object.entries(JSON.parse(readFileSync(`${ROOT}.vite/manifest.json`, "utf8"))));
const first = new Set();
// The catalogue with the longest texts stands for the one that a person loads.
for (const name of ["index.html", "src/locales/ar/messages.po"]) collect(name);
let sum = 0;
for (const file of first) {
  const size = readFileSync(`${ROOT}${file}.br`).length;
  sum += size;
  console.log(`${String(size).padStart(8)}  ${file}`);
}
console.log(`${String(sum).padStart(8)}  of ${BUDGET}`);
if (sum > BUDGET) {
  console.error("the first page is too large");
  process.exit(1);
}

function collect(name) {
  const chunk = manifest.get(name);
  if (chunk === undefined) throw new Error(`${name} is not in the build`);
  if (first.has(chunk.file)) return;
  first.add(chunk.file);
  for (const sheet of chunk.css ?? []) first.add(sheet);
  for (const other of chunk.imports ?? []) collect(other);
}
