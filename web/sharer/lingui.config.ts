import { defineConfig } from "@lingui/cli";
import { formatter } from "@lingui/format-po";

export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "de", "ar"],
  // Each page loads its own texts.
  catalogs: [
    { path: "<rootDir>/src/locales/{locale}", include: ["<rootDir>/src"], exclude: ["**/connect-test/**"] },
    { path: "<rootDir>/src/connect-test/locales/connect-test-{locale}", include: ["<rootDir>/src/connect-test"] },
  ],
  format: formatter({ lineNumbers: false, origins: false }),
});
