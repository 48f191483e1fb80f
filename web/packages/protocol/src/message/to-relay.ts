// Messages to the relay (SPEC 6.1).

import { Malformed } from "../reader.ts";
import * as shape from "../shape.ts";
import * as parts from "./parts.ts";

/** Bytes of what colleagues are looked for by. */
export const MAX_SEARCH = 100;

/** What a client says to the relay. */
export type ToRelay =
  | {
      type: "hello";
      protocol: { min: number; max: number };
      role: parts.Role;
      client: string;
      ticket: string;
      device?: parts.Device;
    }
  | { type: "resume"; line: string; heard: number }
  | { type: "create"; reason?: string; incident?: string }
  | { type: "join"; routing: string }
  | { type: "shook"; pair: number; hash: string; helper_key: string; sharer_key: string }
  | { type: "shake_failed"; pair: number; burned: boolean }
  | { type: "ask"; level: parts.Level }
  | {
      type: "consent";
      pair: number;
      level: parts.Level;
      generation: number;
      hash: string;
      answer: (typeof parts.ANSWERS)[number];
      nonce: string;
      signed?: parts.Signed;
    }
  | { type: "challenge"; pair: number; generation: number; nonce: string }
  | { type: "quality"; pair: number; quality: parts.Figures }
  | { type: "report"; pair: number; text?: string }
  | { type: "acknowledge"; pair: number; state: parts.Compliance }
  | { type: "colleagues"; search: string }
  | { type: "invite"; subject: string; hand_over: boolean }
  | { type: "uninvite"; subject: string }
  | { type: "accept"; session: string }
  | { type: "turn_down"; session: string }
  | { type: "dismiss"; pair: number }
  | { type: "leave" };

/** Reads the text of a message; throws `Malformed`. */
export function parseToRelay(text: Uint8Array): ToRelay {
  const from = shape.parseObject(text);
  const type = from.get("type");
  switch (type) {
    case "hello":
      return {
        type,
        protocol: parts.protocols(from.get("protocol")),
        role: shape.oneOf(from.get("role"), parts.ROLES),
        client: shape.string(from.get("client"), parts.MAX_CLIENT),
        ticket: shape.string(from.get("ticket")),
        ...parts.device(from.get("device")),
      };
    case "resume":
      return { type, line: parts.line(from), heard: shape.integer(from.get("heard"), shape.U64) };
    case "create":
      return {
        type,
        ...parts.optional("reason", shape.stringIfAny(from.get("reason"), parts.MAX_REASON)),
        ...parts.optional("incident", shape.stringIfAny(from.get("incident"), parts.MAX_INCIDENT)),
      };
    case "join":
      return { type, routing: parts.routing(from.get("routing")) };
    case "shook":
      return {
        type,
        pair: parts.pair(from),
        hash: parts.hash(from),
        helper_key: shape.hexDigits(from.get("helper_key"), 64),
        sharer_key: shape.hexDigits(from.get("sharer_key"), 64),
      };
    case "shake_failed":
      return { type, pair: parts.pair(from), burned: shape.boolean(from.get("burned")) };
    case "ask":
      return { type, level: parts.level(from.get("level")) };
    case "consent":
      return {
        type,
        pair: parts.pair(from),
        level: parts.level(from.get("level")),
        generation: parts.generation(from),
        hash: parts.hash(from),
        answer: shape.oneOf(from.get("answer"), parts.ANSWERS),
        nonce: parts.nonce(from),
        ...parts.signed(from.get("signed")),
      };
    case "challenge":
      return { type, pair: parts.pair(from), generation: parts.generation(from), nonce: parts.nonce(from) };
    case "quality":
      return { type, pair: parts.pair(from), quality: parts.figures(from.get("quality")) };
    case "report":
      return {
        type,
        pair: parts.pair(from),
        ...parts.optional("text", shape.stringIfAny(from.get("text"), parts.MAX_REASON)),
      };
    case "acknowledge":
      return { type, pair: parts.pair(from), state: shape.oneOf(from.get("state"), parts.STATES) };
    case "colleagues":
      return { type, search: shape.string(from.get("search"), MAX_SEARCH) };
    case "invite":
      return { type, subject: subject(from), hand_over: shape.boolean(from.get("hand_over")) };
    case "uninvite":
      return { type, subject: subject(from) };
    case "accept":
    case "turn_down":
      return { type, session: parts.session(from) };
    case "dismiss":
      return { type, pair: parts.pair(from) };
    case "leave":
      return { type };
    default:
      throw Malformed.message();
  }
}

function subject(from: shape.Members): string {
  return shape.string(from.get("subject"), parts.MAX_SUBJECT);
}
