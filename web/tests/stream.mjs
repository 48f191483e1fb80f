// The recorded stream in a real browser, under the console's final policy. `npm run stream`, after
//   cargo run -p tests --bin recording -- target/web/recording.json
// It serves the page, drives headless Chromium, and fails if one picture, one pixel or one rule of the policy is wrong.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { build } from "vite";

const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "require-trusted-types-for 'script'",
].join("; ");
const TYPES = { html: "text/html", js: "text/javascript", json: "application/json", wasm: "application/wasm" };
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
];

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

/** The built page, as name and bytes. */
async function bundle() {
  const output = {
    assetFileNames: "[name]-[hash][extname]",
    chunkFileNames: "[name]-[hash].js",
    entryFileNames: "[name]-[hash].js",
  };
  const built = await build({
    root: path("stream"),
    configFile: false,
    logLevel: "error",
    worker: { format: "es" },
    build: { write: false, assetsInlineLimit: 0, modulePreload: false, rollupOptions: { output } },
  });
  const files = Array.isArray(built) ? built.flatMap((one) => one.output) : built.output;
  return new Map(files.map((file) => [file.fileName, Buffer.from(file.type === "asset" ? file.source : file.code)]));
}

function serve(files) {
  const server = createServer((request, response) => {
    const name = new URL(request.url ?? "/", "http://here").pathname.slice(1) || "index.html";
    const body = files.get(name);
    const type = TYPES[name.split(".").at(-1) ?? ""] ?? "application/octet-stream";
    response.writeHead(body === undefined ? 404 : 200, { "content-type": type, "content-security-policy": POLICY });
    response.end(body);
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

function percentile(sorted, percent) {
  return sorted[Math.floor(((sorted.length - 1) * percent) / 100)];
}

const files = await bundle();
files.set("recording.json", readFileSync(process.argv[2] ?? path("../../target/web/recording.json")));
const server = await serve(files);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGUMENTS });
try {
  const page = await browser.newPage();
  page.on("pageerror", (error) => console.error("page:", error.message));
  page.on("console", (message) => console.error("console:", message.text()));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => "results" in globalThis);
  const results = await page.evaluate(() => globalThis.results);
  const { stream, ...rest } = results;
  if (stream.error) throw new Error(stream.error);
  const { times, ...counts } = stream;
  const sorted = times.toSorted((one, other) => one - other);
  const sizes = [...files].filter(([name]) => name.includes("worker") || name.endsWith(".wasm"));
  console.log(JSON.stringify({ ...rest, ...counts }));
  console.log(
    `received to painted: p50 ${percentile(sorted, 50)?.toFixed(2)} ms, p95 ${percentile(sorted, 95)?.toFixed(2)} ms`,
  );
  for (const [name, body] of sizes) console.log(`${name}: ${body.length} bytes, ${gzipSync(body).length} gzip`);
  // The one violation is the worker from a plain text, which the page tries on purpose.
  const isGood =
    counts.updates >= 500 &&
    counts.wrong === 0 &&
    counts.different === 0 &&
    counts.stills > 0 &&
    rest.violations.join() === "require-trusted-types-for" &&
    rest.missing.length === 0 &&
    rest.plainWorker === "refused" &&
    rest.unbound === "RH-1002" &&
    rest.unreachable === "RH-1506";
  if (!isGood) process.exitCode = 1;
} finally {
  await browser.close();
  server.close();
}
