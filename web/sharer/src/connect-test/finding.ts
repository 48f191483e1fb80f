// What a step found, before anybody puts it into words: pure, so that each case is tested without a network.

/** Good, works but somebody should look, or does not work. */
export type State = "good" | "look" | "bad";

export type Name = "secure" | "https" | "socket" | "transport" | "see" | "share" | "clock" | "signIn";

/** What was found; `value` is a figure or a name in it. */
export interface Finding {
  readonly state: State;
  readonly code: Code;
  readonly value: string;
}

export type Code =
  | "secure"
  | "insecure"
  | "https"
  | "noRelay"
  | "socket"
  | "socketRefused"
  | "socketSilent"
  | "transport"
  | "noTransport"
  | "transportSilent"
  | "transportRefused"
  | "seesAll"
  | "seesSome"
  | "seesNone"
  | "shares"
  | "noCapture"
  | "noEncoder"
  | "clock"
  | "clockOff"
  | "clockUnknown"
  | "signIn"
  | "noSignIn"
  | "broken";

/** What the relay says about the connection (`/api/v1/connection`). */
export interface Connection {
  readonly source: string;
  readonly http: string;
  readonly now: number;
}

/** How the WebSocket went: milliseconds to the answer, or how it ended. */
export type Socket = { readonly milliseconds: number } | "refused" | "silent";

/** How WebTransport went: milliseconds until it stood, or why it does not. */
export type Transport = { readonly milliseconds: number } | "missing" | "refused" | "silent";

export function good(code: Code, value = ""): Finding {
  return { state: "good", code, value };
}

export function look(code: Code, value = ""): Finding {
  return { state: "look", code, value };
}

export function bad(code: Code, value = ""): Finding {
  return { state: "bad", code, value };
}

/** Where it does not stand, WebSocket does: nothing is broken. */
export function ofTransport(transport: Transport): Finding {
  if (transport === "missing") return look("noTransport");
  if (transport === "silent") return look("transportSilent");
  if (transport === "refused") return look("transportRefused");
  return good("transport", String(Math.round(transport.milliseconds)));
}

export function ofSocket(socket: Socket): Finding {
  if (socket === "refused") return bad("socketRefused");
  if (socket === "silent") return bad("socketSilent");
  return good("socket", socket.milliseconds.toFixed(1));
}

/** Codecs that this browser decodes, of those that browsers share with. Native sharers send none of them. */
export function ofDecoders(codecs: readonly string[]): Finding {
  if (codecs.length === 0) return look("seesNone");
  const names = codecs.join(", ");
  return codecs.length < CODECS.length ? look("seesSome", names) : good("seesAll", names);
}

/** Whether this browser captures a screen, and the codecs that it encodes. One of them is enough. */
export function ofSharing(captures: boolean, codecs: readonly string[]): Finding {
  if (!captures) return look("noCapture");
  return codecs.length === 0 ? look("noEncoder") : good("shares", codecs.join(", "));
}

/** The clock here against the relay's, which told `told` between two looks at ours; milliseconds all of them. */
export function ofClock(told: number | null, before: number, after: number): Finding {
  if (told === null) return look("clockUnknown");
  const ahead = (before + after) / 2 - told;
  const seconds = (Math.abs(ahead) / 1000).toFixed(1);
  return Math.abs(ahead) > SKEW ? bad("clockOff", seconds) : good("clock", seconds);
}

/** The worst of all that was found. */
export function worst(findings: readonly Finding[]): State {
  const has = (state: State) => findings.some((one) => one.state === state);
  return has("bad") ? "bad" : has("look") ? "look" : "good";
}

/** Those that a sharing browser sends (SPEC 7.8), with their names for people. */
export const CODECS: readonly (readonly [name: string, codec: string])[] = [
  ["VP9", "vp09.00.40.08"],
  ["VP8", "vp8"],
];
/** The sign-in allows clocks to differ by this much. */
const SKEW = 30_000;
