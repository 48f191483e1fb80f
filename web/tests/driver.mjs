// A person at a real browser, driven by JSON lines: commands on standard input, answers on standard output, each answer
// {"event": <command>, ...} or {"event": "failed", "command", "text"}. Keys and mouse go through the browser's debugging protocol.
//
//   node driver.mjs --keys <fingerprint>,<fingerprint> [--locale ar] [--dark] [--width 1280 --height 720] [--headed]
//     [--tab] [--without OffscreenCanvas,X25519]

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";

const PATIENCE = 20_000;

const { values: options } = parseArgs({
  options: {
    keys: { type: "string", default: "" },
    locale: { type: "string", default: "en-GB" },
    dark: { type: "boolean", default: false },
    width: { type: "string", default: "1280" },
    height: { type: "string", default: "720" },
    without: { type: "string", default: "" },
    headed: { type: "boolean", default: false },
    "no-udp": { type: "boolean", default: false },
    tab: { type: "boolean", default: false },
  },
});

const profile = mkdtempSync(join(tmpdir(), "handrail-browser-"));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.HANDRAIL_CHROMIUM ?? "/usr/bin/chromium",
  headless: !options.headed,
  locale: options.locale,
  colorScheme: options.dark ? "dark" : "light",
  // A colour on its way to another one is none that anybody chose.
  reducedMotion: "reduce",
  viewport: { width: Number(options.width), height: Number(options.height) },
  bypassCSP: false,
  permissions: ["clipboard-read", "clipboard-write"],
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // Who has a window shares the whole of the screen that it stands on.
    ...(options.headed ? ["--auto-select-desktop-capture-source=Entire screen", "--window-position=0,0"] : []),
    // The relay of a test listens there alone, and WebTransport asks the first address of a name and no other.
    "--host-resolver-rules=MAP localhost 127.0.0.1",
    // Without this QUIC takes only certificates of the well-known authorities.
    ...(options["no-udp"] ? [] : ["--webtransport-developer-mode"]),
    ...(options.tab ? ["--auto-accept-this-tab-capture"] : []),
    // The certificates of relay and provider are made for one run; only their own keys are let through.
    `--ignore-certificate-errors-spki-list=${options.keys}`,
  ],
});
context.setDefaultTimeout(PATIENCE);

/** Keys of a German keyboard that a US one does not have. */
const GERMAN = { ä: "Quote", ö: "Semicolon", ü: "BracketLeft", ß: "Minus", "€": "KeyE" };

/** Presses and releases the key that writes this letter. */
async function strike(letter) {
  const code = GERMAN[letter];
  if (code === undefined) return page.keyboard.press(letter === "\n" ? "Enter" : letter);
  const keys = await context.newCDPSession(page);
  const key = { key: letter, code, text: letter, unmodifiedText: letter };
  const [altGr, is] = [{ key: "AltGraph", code: "AltRight" }, letter === "€"];
  if (is) await keys.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...altGr });
  await keys.send("Input.dispatchKeyEvent", { type: "keyDown", ...key });
  await keys.send("Input.dispatchKeyEvent", { type: "keyUp", ...key });
  if (is) await keys.send("Input.dispatchKeyEvent", { type: "keyUp", ...altGr });
  await keys.detach();
}

// An older browser: these are not there.
const without = options.without.split(",").filter((name) => name !== "");
await context.addInitScript((names) => {
  for (const name of names) {
    if (name === "X25519") crypto.subtle.generateKey = () => Promise.reject(new Error("not supported"));
    else delete globalThis[name];
  }
}, without);

// Chromium picks no other tab by itself: who shares a tab shares the one that the page is in.
if (options.tab) {
  await context.addInitScript(() => {
    if (!("mediaDevices" in navigator)) return;
    const ask = MediaDevices.prototype.getDisplayMedia;
    MediaDevices.prototype.getDisplayMedia = function ({ video }) {
      return ask.call(this, { video, audio: false, preferCurrentTab: true });
    };
  });
}

/** Everything that the browser complained about. */
const complaints = [];
context.on("console", (message) => {
  // That somebody is not signed in yet is an answer; the browser tells every 401 as an error.
  if (message.type() === "error" && !message.text().includes("status of 401")) complaints.push(message.text());
});
context.on("weberror", (error) => complaints.push(String(error.error())));
await context.addInitScript(() => {
  document.addEventListener("securitypolicyviolation", (event) =>
    console.error(`content security policy: ${event.violatedDirective} ${event.blockedURI}`),
  );
});
let page = context.pages()[0] ?? (await context.newPage());

/** Where on the page: by role and accessible name, by text, by label, or by selector. */
function place({ role, name, exact, text, label, selector, nth }) {
  const found = role
    ? page.getByRole(role, name === undefined ? {} : { name, exact: exact ?? false })
    : label
      ? page.getByLabel(label)
      : text
        ? page.getByText(text)
        : page.locator(selector);
  return found.nth(nth ?? 0);
}

const commands = {
  open: async ({ url }) => void (await page.goto(url)),
  tab: async () => {
    page = await context.newPage();
  },
  reload: async () => void (await page.reload()),
  click: async (where) => void (await place(where).click()),
  fill: async ({ value, ...where }) => void (await place(where).fill(value)),
  choose: async ({ value, ...where }) => void (await place(where).selectOption(value)),
  focus: async (where) => void (await place(where).focus()),
  press: async ({ key }) => void (await page.keyboard.press(key)),
  down: async ({ key }) => void (await page.keyboard.down(key)),
  up: async ({ key }) => void (await page.keyboard.up(key)),
  type: async ({ text }) => {
    for (const letter of text) await strike(letter);
  },
  mouse: async ({ x, y }) => void (await page.mouse.move(x, y)),
  press_at: async ({ x, y }) => void (await page.mouse.click(x, y)),
  wait: async ({ state, ...where }) => void (await place(where).waitFor({ state: state ?? "visible" })),
  read: async (where) => ({ text: await place(where).textContent() }),
  count: async (where) => ({
    count: await (where.role ? page.getByRole(where.role, { name: where.name }) : page.locator(where.selector)).count(),
  }),
  enabled: async (where) => ({ enabled: await place(where).isEnabled() }),
  box: async (where) => ({ box: await place(where).boundingBox() }),
  address: async () => ({ address: page.url() }),
  focused: async () => ({
    focused: await page.evaluate(() => {
      const at = document.activeElement;
      const role = at?.getAttribute("role") ?? (at instanceof HTMLInputElement ? at.type : at?.tagName.toLowerCase());
      return at && `${role} ${at.getAttribute("aria-label") ?? at.textContent}`;
    }),
  }),
  shot: async ({ path }) => void (await page.screenshot({ path })),
  scheme: async ({ dark }) =>
    void (await page.emulateMedia({ colorScheme: dark ? "dark" : "light", reducedMotion: "reduce" })),
  evaluate: async ({ script }) => ({ value: await page.evaluate(script) }),
  axe: async ({ exclude }) => {
    // Fluent's focus sentinels are hidden from readers and move the focus on: a known false alarm.
    let axe = new AxeBuilder({ page }).exclude("[data-tabster-dummy]");
    for (const selector of exclude ?? []) axe = axe.exclude(selector);
    axe = axe.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]);
    const { violations, passes } = await axe.analyze();
    for (const violation of violations) {
      if (violation.id === "label-content-name-mismatch") violation.nodes = await withWords(violation.nodes);
    }
    return {
      passes: passes.length,
      violations: violations
        .filter(({ nodes }) => nodes.length > 0)
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`),
    };
  },
  complaints: async () => ({ complaints: complaints.splice(0) }),
  hash: async (where) => ({ picture: await place({ selector: "canvas", ...where }).evaluate(nameOfPicture) }),
};

/** Without those whose only letters are the initials of a person: a picture of them, and no words that somebody would say. */
async function withWords(nodes) {
  const kept = [];
  for (const node of nodes) {
    const initials = await page.evaluate((selector) => {
      const at = document.querySelector(selector);
      return at !== null && at.textContent === at.querySelector(".fui-Avatar")?.textContent;
    }, node.target[0]);
    if (!initials) kept.push(node);
  }
  return kept;
}

/** The name of the canvas' picture as SPEC 7 has it, from the pixels that the browser shows. */
async function nameOfPicture(canvas) {
  const copy = new OffscreenCanvas(canvas.width, canvas.height);
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, copy.width, copy.height);
  const bytes = new Uint8Array(4 + data.length);
  new DataView(bytes.buffer).setUint16(0, copy.width, true);
  new DataView(bytes.buffer).setUint16(2, copy.height, true);
  bytes.set(data, 4);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function answer(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

answer({ event: "ready" });
for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...fields } = JSON.parse(line);
  try {
    const done = commands[command];
    if (!done) throw new Error("no such command");
    answer({ event: command, ...(await done(fields)) });
  } catch (error) {
    answer({
      event: "failed",
      command,
      text: `${error.message}\n${await page.content().catch(() => "")}`.slice(0, 8000),
    });
  }
}
await context.close();
rmSync(profile, { recursive: true, force: true });
