import { mergeConfig } from "vite";
import page from "./vite.config.ts";

// The test of the connection: a build of its own, so that the page of people who share is not cut in pieces for it.
export default mergeConfig(page, {
  build: { emptyOutDir: false, manifest: false, rolldownOptions: { input: "connect-test.html" } },
});
