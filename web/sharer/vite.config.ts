import { lingui } from "@lingui/vite-plugin";
import babel from "@rolldown/plugin-babel";
import { defineConfig } from "vite";
import { brotli } from "../console/build/brotli.ts";
import { squeeze } from "./build/squeeze.ts";

export default defineConfig({
  // The relay serves the whole page below this address.
  base: "/s/",
  plugins: [
    babel({ include: /\/web\/sharer\/src\/.*\.tsx?$/, plugins: ["@lingui/babel-plugin-lingui-macro"] }),
    lingui(),
    squeeze(),
    brotli(),
  ],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  worker: { format: "es" },
  build: {
    target: "baseline-widely-available",
    // The policy of the relay knows no `data:` scripts or styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
  },
});
