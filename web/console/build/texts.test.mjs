// The catalogues hold exactly the texts of the sources, and every language says all of them.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { getCatalogs } from "@lingui/cli/api";
import { getConfig } from "@lingui/conf";
import { formatter } from "@lingui/format-po";
import { expect, test } from "vitest";

const console_ = fileURLToPath(new URL("..", import.meta.url));
const config = getConfig({ cwd: console_ });
const LANGUAGES = ["en", "de", "ar"];
const PATIENCE = 60_000;

const CATALOGUES = ["messages", "administration"];

/** The texts of a language by id. */
async function catalogue(language, name) {
  const path = `${console_}src/locales/${language}/${name}.po`;
  const context = { locale: language, sourceLocale: "en", filename: path };
  return formatter().parse(readFileSync(path, "utf8"), context);
}

/** The names in braces and the tags of a text; those of plural forms are numbers of their own. */
function places(text) {
  return new Set(text.match(/\{\w+(?=[},])|<\/?\d+>/g) ?? []);
}

test(
  "every text of the sources stands in every catalogue, and no other",
  async () => {
    const found = await getCatalogs(config);
    expect(found).toHaveLength(CATALOGUES.length);
    for (const [at, name] of CATALOGUES.entries()) {
      const ids = Object.keys(await found[at].collect()).sort();
      expect(ids.length).toBeGreaterThan(300);
      for (const language of LANGUAGES) {
        const there = Object.keys(await catalogue(language, name)).sort();
        expect(there, `run \`npm run texts\`: ${language} ${name}`).toEqual(ids);
      }
    }
  },
  PATIENCE,
);

test("German and Arabic say everything, with the same places", async () => {
  for (const language of ["de", "ar"]) {
    const all = await Promise.all(CATALOGUES.map((name) => catalogue(language, name)));
    for (const { message, translation } of all.flatMap((texts) => Object.values(texts))) {
      expect(translation, `${language}: ${message}`).toBeTruthy();
      expect(places(translation), `${language}: ${message}`).toEqual(places(message));
    }
  }
});
