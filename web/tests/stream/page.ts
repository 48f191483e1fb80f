// The page of the stream test: everything is tried as the console does it, under the same policy.

import {
  Bindings,
  BrowserStore,
  bindingNonce,
  drawBinding,
  missing,
  missingCrypto,
  open,
} from "../../packages/viewer/src/index.ts";
import { Worker } from "../../packages/viewer/src/trusted.ts";

/** What `stream.mjs` waits for. */
interface Results {
  violations: string[];
  missing: readonly string[];
  /** A worker from a plain text must be refused, or Trusted Types are not in force. */
  plainWorker: string;
  /** How a session ends of a person without a sign-in. */
  unbound: string;
  /** How a session ends whose relay does not answer. */
  unreachable: string;
  stream: unknown;
}

const violations: string[] = [];
document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));

function plainWorker(): string {
  try {
    Reflect.construct(globalThis.Worker, ["/plain.js"]).terminate();
    return "created";
  } catch (error) {
    return error instanceof TypeError ? "refused" : String(error);
  }
}

function stream(): Promise<unknown> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const canvas = document.querySelector("canvas")?.transferControlToOffscreen();
  return new Promise((resolve, reject) => {
    worker.onmessage = (event) => resolve(event.data);
    worker.onerror = (event) => reject(new Error(event.message));
    if (canvas !== undefined) worker.postMessage(canvas, [canvas]);
  });
}

/** Opens a real session towards this very server, which speaks no TLS, and gives the fault that ends it. */
function tried(): Promise<string> {
  const session = open({ relay: new URL(location.href), ticket: () => Promise.resolve("none") });
  return new Promise((resolve) => {
    session.subscribe(() => {
      if (session.state.phase === "ended") resolve(session.state.end?.fault?.code ?? "left");
    });
  });
}

/** Signs in as somebody, as far as this browser is concerned. */
async function bind(): Promise<void> {
  const bindings = new Bindings(new BrowserStore("bindings"));
  const binding = await drawBinding();
  const nonce = await bindingNonce(binding);
  await bindings.wait(nonce, binding);
  await bindings.bind(nonce, { idToken: "e30.e30.e30", issuer: "i", subject: "s", signedIn: Date.now() });
}

async function run(): Promise<Results> {
  return {
    plainWorker: plainWorker(),
    missing: [...missing(), ...(await missingCrypto())],
    stream: await stream(),
    unbound: await tried(),
    unreachable: await bind().then(tried),
    violations,
  };
}

Reflect.set(globalThis, "results", run());
