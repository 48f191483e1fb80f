// `npm run size`: fails if the whole page, its worker and one language cost more than their budget, compressed. People open it once,
// on whatever line they have.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const BUDGET = 60 * 1024;
const ROOT = fileURLToPath(new URL("../dist/", import.meta.url));

const sizeOf = (file) => readFileSync(`${ROOT}${file}`).length;
// The test of the connection is a page of its own: who shares does not load it.
const isOther = (name) => name.startsWith("connect-test-");
const files = readdirSync(`${ROOT}assets`).filter((name) => name.endsWith(".br") && !isOther(name));
// Of the languages a person loads one; the largest stands for it.
const isLanguage = (name) => /^(?:en|de|ar)-/.test(name);
const languages = files.filter(isLanguage).sort((one, other) => sizeOf(`assets/${other}`) - sizeOf(`assets/${one}`));
const loaded = ["index.html.br", ...files.filter((name) => !isLanguage(name)), ...languages.slice(0, 1)].map((name) =>
  name.startsWith("index.html") ? name : `assets/${name}`,
);
let sum = 0;
for (const file of loaded) {
  sum += sizeOf(file);
  console.log(`${String(sizeOf(file)).padStart(8)}  ${file}`);
}
console.log(`${String(sum).padStart(8)}  of ${BUDGET}`);
if (sum > BUDGET || languages.length !== 3) {
  console.error("the page is too large, or a language is missing");
  process.exit(1);
}
