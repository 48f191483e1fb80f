// `npm run faults`: writes the pages' texts of the faults from docs/faults.md. The texts are messages of the catalogue, so
// that each language has its own.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PAGE = fileURLToPath(new URL("../../../docs/faults.md", import.meta.url));
const HEAD = `// Written from docs/faults.md by \`npm run faults\`.\n\nimport type { MessageDescriptor } from "@lingui/core";\nimport { msg } from "@lingui/core/macro";\n`;

/** The faults of the page: code, what happened, what the person reads, what to do. */
export function readFaults(markdown = readFileSync(PAGE, "utf8")) {
  return markdown
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [head, happened, read, advice] = section.trim().split(/\n\n+/);
      const after = (text, words) => {
        if (!text?.startsWith(words)) throw new Error(`${head} has no "${words}"`);
        return plain(text.slice(words.length));
      };
      return {
        code: head.split(" ")[0],
        happened: plain(happened),
        sentence: after(read, "The person reads: "),
        advice: after(advice, "What to do: "),
      };
    });
}

/** What somebody who shares from a browser can meet. */
const OF_SHARERS =
  /^RH-(?:1001|1002|1003|110[1-4]|120[1-46-9]|121[0-37]|1219|130[1-3]|140[23]|150[1-8]|160[347]|170[1-47]|1706|180[12])$/;

/** The sentences that the sharer's page has. */
export function writtenForSharers(faults) {
  return written(faults.filter(({ code }) => OF_SHARERS.test(code)))["sentences.ts"];
}

/** The two files of the console, by name. */
export function written(faults) {
  const row = (text) => `msg\`${text}\``;
  const sentences = faults.map(({ code, sentence }) => `  "${code}": ${row(sentence)},\n`);
  const pages = faults.map(
    ({ code, happened, advice }) =>
      `  "${code}": {\n    happened: ${row(happened)},\n    advice: ${row(advice)},\n  },\n`,
  );
  return {
    "sentences.ts": `${HEAD}\n/** What a person reads, by code. */\nexport const SENTENCES: { readonly [code: string]: MessageDescriptor } = {\n${sentences.join("")}};\n`,
    "pages.ts": `${HEAD}\n/** What the help page of a code says. */\nexport interface Page {\n  readonly happened: MessageDescriptor;\n  readonly advice: MessageDescriptor;\n}\n\nexport const PAGES: { readonly [code: string]: Page } = {\n${pages.join("")}};\n`,
  };
}

/** Text without marks. */
function plain(text) {
  const quoted = text.replaceAll(/[*`]([^*`]+)[*`]/g, "“$1”").replaceAll("\n", " ");
  return quoted.charAt(0).toUpperCase() + quoted.slice(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const write = (place, text) => writeFileSync(fileURLToPath(new URL(place, import.meta.url)), text);
  for (const [name, text] of Object.entries(written(readFaults()))) write(`../src/fault/${name}`, text);
  write("../../sharer/src/fault/sentences.ts", writtenForSharers(readFaults()));
}
