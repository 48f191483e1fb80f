// The steps, in their order. Each looks at one thing from this browser and needs no sign-in.

import { decodeFrame, encodeFrame } from "@handrail/protocol";
import {
  bad,
  CODECS,
  type Connection,
  type Finding,
  good,
  type Name,
  ofClock,
  ofDecoders,
  ofSharing,
  ofSocket,
  ofTransport,
  type Socket,
  type Transport,
} from "./finding.ts";

/** A step of the test. */
export interface Step {
  readonly name: Name;
  readonly run: () => Promise<Finding>;
}

/** What is tested. A further way to the relay is a further line here. */
export const STEPS: readonly Step[] = [
  { name: "secure", run: secure },
  { name: "https", run: https },
  { name: "socket", run: async () => ofSocket(await socket()) },
  { name: "transport", run: async () => ofTransport(await transport()) },
  { name: "see", run: async () => ofDecoders(await codecs((config) => VideoDecoder.isConfigSupported(config))) },
  { name: "share", run: share },
  { name: "clock", run: clock },
  { name: "signIn", run: signIn },
];

/** Runs a step; one that throws is told as broken. */
export async function run({ run }: Step): Promise<Finding> {
  return run().catch((error: unknown) => bad("broken", error instanceof Error ? error.message : String(error)));
}

function secure(): Promise<Finding> {
  const isSecure = isSecureContext && location.protocol === "https:";
  return Promise.resolve(isSecure ? good("secure") : bad("insecure"));
}

async function https(): Promise<Finding> {
  const connection = await ask();
  if (connection === null) return bad("noRelay");
  const [page] = performance.getEntriesByType("navigation");
  const version = page instanceof PerformanceNavigationTiming ? page.nextHopProtocol : "";
  return good("https", `${version === "" ? connection.http : version}, ${connection.source}`);
}

/** Opens the WebSocket of a session and asks what every relay refuses: the refusal is an answer. */
function socket(): Promise<Socket> {
  return new Promise<Socket>((resolve) => {
    const opened = new WebSocket(`wss://${location.host}/api/v1/connect`);
    opened.binaryType = "arraybuffer";
    let asked = 0;
    const end = (socket: Socket) => {
      clearTimeout(late);
      resolve(socket);
      opened.close();
    };
    const late = setTimeout(() => end(asked > 0 ? "silent" : "refused"), PATIENCE);
    opened.onopen = () => {
      asked = performance.now();
      const text = new TextEncoder().encode(JSON.stringify({ type: "leave" }));
      opened.send(encodeFrame({ kind: "message", text }));
    };
    opened.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      const isAnswer = decodeFrame(new Uint8Array(data)).kind === "message";
      if (isAnswer) end({ milliseconds: performance.now() - asked });
    };
    opened.onclose = () => end(asked > 0 ? "silent" : "refused");
  });
}

/** Opens a session of WebTransport, and leaves it. */
async function transport(): Promise<Transport> {
  if (!("WebTransport" in globalThis)) return "missing";
  const asked = performance.now();
  const session = new WebTransport(`https://${location.host}/api/v1/connect`);
  session.closed.catch(() => {});
  const silent = new Promise<Transport>((resolve) => setTimeout(resolve, UDP_PATIENCE, "silent"));
  const stands = session.ready.then(
    (): Transport => ({ milliseconds: performance.now() - asked }),
    (): Transport => "refused",
  );
  const found = await Promise.race([stands, silent]);
  session.close();
  return found;
}

async function share(): Promise<Finding> {
  const captures = "mediaDevices" in navigator && "getDisplayMedia" in navigator.mediaDevices;
  return ofSharing(captures, await codecs((config) => VideoEncoder.isConfigSupported(config)));
}

/** The codecs that this browser can do; none, if it does not know the question. */
async function codecs(
  asked: (config: VideoEncoderConfig & VideoDecoderConfig) => Promise<{ supported?: boolean }>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [name, codec] of CODECS) {
    const config = { codec, width: 1920, height: 1080, codedWidth: 1920, codedHeight: 1080 };
    const { supported } = await Promise.resolve()
      .then(() => asked(config))
      .catch(() => ({ supported: false }));
    if (supported === true) found.push(name);
  }
  return found;
}

async function clock(): Promise<Finding> {
  const before = Date.now();
  const connection = await ask();
  return ofClock(connection?.now ?? null, before, Date.now());
}

async function signIn(): Promise<Finding> {
  const relay = await json("/api/v1/sign-in", "same-origin");
  const issuer = String(relay?.issuer ?? "");
  if (!issuer.startsWith("https://")) return bad("noRelay");
  const told = await json(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`, "omit");
  return told?.issuer === issuer ? good("signIn", issuer) : bad("noSignIn", issuer);
}

async function ask(): Promise<Connection | null> {
  const told = await json("/api/v1/connection", "same-origin");
  if (told === null) return null;
  const { source, http, now } = told;
  const isIt = typeof source === "string" && typeof http === "string" && typeof now === "number";
  return isIt ? { source, http, now } : null;
}

/** Members that an answer may have. */
interface Told {
  readonly issuer?: unknown;
  readonly source?: unknown;
  readonly http?: unknown;
  readonly now?: unknown;
}

/** The members of an answer, if it is one. */
async function json(address: string, credentials: RequestCredentials): Promise<Told | null> {
  try {
    const answer = await fetch(address, { credentials, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    const body: unknown = answer.ok ? await answer.json() : null;
    return typeof body === "object" && body !== null ? body : null;
  } catch {
    return null;
  }
}

/** The same by UDP, where a session waits for nobody. */
const UDP_PATIENCE = 3000;
/** How long an answer is waited for, in milliseconds. */
const PATIENCE = 8000;
