// Messages from the relay (SPEC 6.1).

import type { FaultCode } from "../fault.ts";
import { Malformed } from "../reader.ts";
import * as shape from "../shape.ts";
import { type StepUp, stepUp } from "../step-up.ts";
import * as parts from "./parts.ts";
import * as people from "./people.ts";

const MAX_GRANT = 1024;

/** What the relay says to a client. */
export type FromRelay =
  | { type: "welcome"; protocol: number; you: people.Peer; relay: string; line: string; keep: number }
  | { type: "resumed"; heard: number }
  | { type: "refused"; fault: FaultCode; text: string }
  | { type: "created"; session: string; routing: string; expires_in: number }
  | { type: "joined"; session: string; tenant: string; pair: number }
  | { type: "claimed"; tenant: string; pair: number }
  | { type: "unclaimed" }
  | {
      type: "paired";
      pair: number;
      peer: people.Peer;
      levels: readonly parts.Level[];
      chat?: boolean;
      compliance?: parts.Warning;
    }
  | { type: "compliance"; pair: number; compliance?: parts.Warning }
  | { type: "rules"; pair: number; levels: readonly parts.Level[]; chat?: boolean }
  | { type: "asked"; pair: number; level: parts.Level; within: number }
  | { type: "declined"; level: parts.Level; fault: FaultCode }
  | { type: "withdrawn"; pair: number }
  | {
      type: "granted";
      pair: number;
      session: string;
      level: parts.Level;
      generation: number;
      sequence: number;
      hash: string;
      nonce: string;
      /** The same, signed by the relay: what the sharer goes by (SPEC 6.5). */
      token: string;
    }
  | { type: "slow_peer"; pair: number }
  | { type: "away"; pair: number; within: number }
  | { type: "back"; pair: number; round: number }
  | { type: "colleagues"; people: readonly people.Colleague[] }
  | { type: "invited"; colleague: people.Colleague; hand_over: boolean; within: number }
  /** Without a fault the colleague comes. */
  | { type: "uninvited"; subject: string; fault?: FaultCode }
  | ({ type: "invitation" } & people.Invitation)
  | { type: "invitation_gone"; session: string }
  | { type: "departed"; pair: number; fault: FaultCode }
  | ({ type: "ended" } & Refusal)
  | ({ type: "faulted" } & Refusal);

/** Why something is over, or was not done. */
export interface Refusal {
  fault: FaultCode;
  text: string;
  /** What an administrator calls the rule behind it. */
  rule?: string;
  /** The sign-in that would fulfil the rule (SPEC 6.8). */
  step_up?: StepUp;
}

/** Reads the text of a message; throws `Malformed`. */
export function parseFromRelay(text: Uint8Array): FromRelay {
  const from = shape.parseObject(text);
  const type = from.get("type");
  switch (type) {
    case "welcome":
      return {
        type,
        protocol: shape.integer(from.get("protocol"), shape.U16),
        you: people.peer(from.get("you")),
        relay: shape.string(from.get("relay")),
        line: parts.line(from),
        keep: shape.integer(from.get("keep"), shape.U32),
      };
    case "resumed":
      return { type, heard: shape.integer(from.get("heard"), shape.U64) };
    case "away":
      return { type, pair: parts.pair(from), within: shape.integer(from.get("within"), shape.U32) };
    case "back":
      return { type, pair: parts.pair(from), round: shape.integer(from.get("round"), shape.U8) };
    case "refused":
      return { type, fault: parts.fault(from), text: shape.string(from.get("text")) };
    case "ended":
    case "faulted":
      return {
        type,
        fault: parts.fault(from),
        text: shape.string(from.get("text")),
        ...parts.optional("rule", shape.stringIfAny(from.get("rule"), parts.MAX_RULE)),
        ...stepUp(from.get("step_up")),
      };
    case "created":
      return {
        type,
        session: parts.session(from),
        routing: parts.routing(from.get("routing")),
        expires_in: shape.integer(from.get("expires_in"), shape.U32),
      };
    case "joined":
      return { type, session: parts.session(from), tenant: shape.string(from.get("tenant")), pair: parts.pair(from) };
    case "claimed":
      return { type, tenant: shape.string(from.get("tenant")), pair: parts.pair(from) };
    case "unclaimed":
      return { type };
    case "paired":
      return {
        type,
        pair: parts.pair(from),
        peer: people.peer(from.get("peer")),
        levels: parts.levels(from),
        ...parts.chat(from),
        ...parts.compliance(from),
      };
    case "compliance":
      return { type, pair: parts.pair(from), ...parts.compliance(from) };
    case "rules":
      return { type, pair: parts.pair(from), levels: parts.levels(from), ...parts.chat(from) };
    case "asked":
      return {
        type,
        pair: parts.pair(from),
        level: parts.level(from.get("level")),
        within: shape.integer(from.get("within"), shape.U32),
      };
    case "declined":
      return { type, level: parts.level(from.get("level")), fault: parts.fault(from) };
    case "withdrawn":
    case "slow_peer":
      return { type, pair: parts.pair(from) };
    case "granted":
      return {
        type,
        pair: parts.pair(from),
        session: parts.session(from),
        level: parts.level(from.get("level")),
        generation: parts.generation(from),
        sequence: shape.integer(from.get("sequence"), shape.U64),
        hash: parts.hash(from),
        nonce: parts.nonce(from),
        token: shape.string(from.get("token"), MAX_GRANT),
      };
    case "colleagues":
      return { type, people: people.colleagues(from.get("people")) };
    case "invited":
      return {
        type,
        colleague: people.colleague(from.get("colleague")),
        hand_over: shape.boolean(from.get("hand_over")),
        within: shape.integer(from.get("within"), shape.U32),
      };
    case "uninvited":
      return {
        type,
        subject: shape.string(from.get("subject"), parts.MAX_SUBJECT),
        ...(from.get("fault") === undefined ? {} : { fault: parts.fault(from) }),
      };
    case "invitation":
      return { type, ...people.invitation(from) };
    case "invitation_gone":
      return { type, session: parts.session(from) };
    case "departed":
      return { type, pair: parts.pair(from), fault: parts.fault(from) };
    default:
      throw Malformed.message();
  }
}
