// A browser without a screen: follows the demo provider's pages as this person would, up to and
// including the redirect to the program that asked, and prints the page that it ends on.
//
//   node browser.mjs URL --person amina --ca ca.pem [--deny]

import { readFileSync } from "node:fs";
import { request as http } from "node:http";
import { request as https } from "node:https";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";

const STEPS = 20;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    person: { type: "string" },
    ca: { type: "string" },
    deny: { type: "boolean", default: false },
  },
});
if (positionals.length !== 1 || !options.person || !options.ca) {
  console.error("usage: node browser.mjs URL --person NAME --ca ca.pem [--deny]");
  process.exit(2);
}
const ca = readFileSync(options.ca);
const cookies = new Map();

try {
  console.log(await browse(new URL(positionals[0])));
} catch (error) {
  console.error(`browser: ${error.message}`);
  process.exit(1);
}

async function browse(start) {
  let answer = await load(start);
  for (let step = 0; step < STEPS; step += 1) {
    const location = answer.headers.location;
    if (location) {
      answer = await load(new URL(location, answer.url));
      continue;
    }
    // Plain http is the program on this machine, where every sign-in ends.
    if (answer.url.protocol === "http:") return answer.body;
    if (answer.status !== 200) throw new Error(`${answer.url.pathname}: ${answer.status} ${answer.body}`);
    answer = await submit(answer);
  }
  throw new Error(`not signed in after ${STEPS} pages`);
}

/** Presses the button of the page that this person would press. */
function submit(page) {
  const action = page.body.match(/<form method="post" action="([^"]+)"/)?.[1];
  if (!action) throw new Error(`nothing to press on ${page.url.pathname}`);
  const wanted = [
    ["person", options.person],
    ["decision", options.deny ? "deny" : "allow"],
  ];
  const press = wanted.find(([name, value]) => page.body.includes(`<button name="${name}" value="${value}"`));
  if (!press) throw new Error(`no button for ${options.person} on ${page.url.pathname}`);
  return load(new URL(action, page.url), new URLSearchParams([press]).toString());
}

async function load(url, form) {
  if (url.protocol !== "https:" && url.hostname !== "127.0.0.1") {
    throw new Error(`${url.origin} is neither https nor this machine`);
  }
  const headers = { cookie: jar(url), accept: "text/html" };
  if (form !== undefined) headers["content-type"] = "application/x-www-form-urlencoded";
  const send = url.protocol === "https:" ? https : http;
  const response = await new Promise((resolve, reject) => {
    const request = send(url, { ca, headers, method: form === undefined ? "GET" : "POST" });
    request.on("response", resolve).on("error", reject).end(form);
  });
  for (const cookie of response.headers["set-cookie"] ?? []) keep(url, cookie);
  return { url, status: response.statusCode, headers: response.headers, body: await text(response) };
}

function jar(url) {
  const sent = [...(cookies.get(url.origin) ?? new Map()).values()].filter(({ path }) => url.pathname.startsWith(path));
  return sent.map(({ pair }) => pair).join("; ");
}

function keep(url, line) {
  const [pair, ...attributes] = line.split(/;\s*/);
  const attribute = (name) => attributes.find((one) => one.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
  const path = attribute("path") ?? "/";
  const mine = cookies.get(url.origin) ?? new Map();
  const name = `${pair.slice(0, pair.indexOf("="))} ${path}`;
  const expires = attribute("expires");
  if (expires && new Date(expires) < new Date()) mine.delete(name);
  else mine.set(name, { pair, path });
  cookies.set(url.origin, mine);
}
