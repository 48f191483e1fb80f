import { defineConfig } from "@lingui/cli";
import { formatter } from "@lingui/format-po";

const ADMINISTRATION = ["<rootDir>/src/admin", "<rootDir>/src/first"];

// What administrators read is a catalogue of its own, so that nobody else loads it.
export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "de", "ar"],
  catalogs: [
    {
      path: "<rootDir>/src/locales/{locale}/messages",
      include: ["<rootDir>/src"],
      exclude: ADMINISTRATION.map((folder) => `${folder}/**`),
    },
    { path: "<rootDir>/src/locales/{locale}/administration", include: ADMINISTRATION },
  ],
  format: formatter({ lineNumbers: false, origins: false }),
});
