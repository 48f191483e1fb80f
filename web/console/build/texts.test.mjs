// The catalogues hold exactly the texts of the sources, and every language says all of them.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { getCatalogs } from "@lingui/cli/api";
import { getConfig } from "@lingui/conf";
import { formatter } from "@lingui/format-po";
import { describe, expect, test } from "vitest";

const LANGUAGES = ["en", "de", "ar"];
const PATIENCE = 60_000;

/** The pages, the files of their catalogues in the order of their configuration, and how many texts there are at least. */
const PAGES = [
  { page: "console", files: (language) => [`${language}/messages`, `${language}/administration`], least: 300 },
  { page: "sharer", files: (language) => [language, `../connect-test/locales/connect-test-${language}`], least: 50 },
];

describe.each(PAGES)("the $page", ({ page, files, least }) => {
  const root = fileURLToPath(new URL(`../../${page}/`, import.meta.url));

  /** The texts of a language by id, file by file. */
  const catalogues = (language) => {
    const read = (name) => {
      const path = `${root}src/locales/${name}.po`;
      return formatter().parse(readFileSync(path, "utf8"), { locale: language, sourceLocale: "en", filename: path });
    };
    return Promise.all(files(language).map(read));
  };

  test(
    "every text of the sources stands in every catalogue, and no other",
    async () => {
      const found = await getCatalogs(getConfig({ cwd: root }));
      expect(found).toHaveLength(files("en").length);
      for (const [at, sources] of found.entries()) {
        const ids = Object.keys(await sources.collect()).sort();
        expect(ids.length).toBeGreaterThan(least);
        for (const language of LANGUAGES) {
          const there = Object.keys((await catalogues(language))[at]).sort();
          expect(there, `run \`npm run texts\`: ${files(language)[at]}`).toEqual(ids);
        }
      }
    },
    PATIENCE,
  );

  test("German and Arabic say everything, with the same places", async () => {
    for (const language of ["de", "ar"]) {
      for (const { message, translation } of (await catalogues(language)).flatMap((texts) => Object.values(texts))) {
        expect(translation, `${language}: ${message}`).toBeTruthy();
        expect(places(translation), `${language}: ${message}`).toEqual(places(message));
      }
    }
  });
});

/** The names in braces and the tags of a text; those of plural forms are numbers of their own. */
function places(text) {
  return new Set(text.match(/\{\w+(?=[},])|<\/?\d+>/g) ?? []);
}
