import { lingui } from "@lingui/vite-plugin";
import babel from "@rolldown/plugin-babel";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { brotli } from "./build/brotli.ts";

export default defineConfig({
  plugins: [
    babel({ include: /\/console\/src\/.*\.tsx?$/, plugins: ["@lingui/babel-plugin-lingui-macro"] }),
    react(),
    lingui(),
    brotli(),
  ],
  worker: { format: "es" },
  build: {
    target: "baseline-widely-available",
    // The policy of the relay knows no `data:` scripts or styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
  },
});
