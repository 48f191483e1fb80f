import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import type { Plugin } from "vite";

const COMPRESSED = /\.(html|js|css|svg|wasm|json)$/;

/** Lays a `.br` twin beside each text file of the build; the relay serves it as it is. */
export function brotli(): Plugin {
  let folder = "";
  return {
    name: "handrail-brotli",
    apply: "build",
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
    },
    closeBundle() {
      for (const file of files(folder)) {
        if (COMPRESSED.test(file)) writeFileSync(`${file}.br`, compressed(readFileSync(file)));
      }
    },
  };
}

export function compressed(bytes: Uint8Array): Uint8Array {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
}

function files(folder: string): string[] {
  const paths = readdirSync(folder).map((name) => join(folder, name));
  return paths.flatMap((path) => (statSync(path).isDirectory() ? files(path) : [path]));
}
