// Messages between a client and the relay: JSON, one a frame (SPEC 6).

import { type Bytes, utf8 } from "./bytes.ts";
import { type FaultCode, faultName } from "./fault.ts";
import { PAIRS } from "./frame.ts";
import { Malformed } from "./reader.ts";
import * as shape from "./shape.ts";
import { type StepUp, stepUp } from "./step-up.ts";

export const PROTOCOL = 1;
export const MAX_CLIENT = 200;
export const MAX_REASON = 500;
export const MAX_INCIDENT = 100;
export const MAX_NONCE = 64;
const MAX_SUBJECT = 255;
const MAX_DEVICE_NAME = 64;
const MAX_GRANT = 1024;
const MAX_TITLE = 200;
const MAX_COMPANY = 200;
const MAX_RULE = 200;
const MAX_PICTURE = 11_000;
const MAX_LEVELS = 16;

export const LEVELS = ["view", "control", "elevation", "unattended"] as const;
export type Level = (typeof LEVELS)[number];
const ROLES = ["helper", "sharer"] as const;
export type Role = (typeof ROLES)[number];
const ANSWERS = ["allow", "decline"] as const;
const PROGRAMS = ["browser", "native"] as const;
/** Where a program comes from: a page of the relay, or an installed one. */
export type Program = (typeof PROGRAMS)[number];
const UIS = ["window", "unattended"] as const;
const STATES = ["compliant", "not_compliant", "stale", "not_enrolled"] as const;
const ACTIONS = ["warn", "require_ack", "view_only", "block"] as const;
/** What is known about the sharer's device. */
export type Compliance = (typeof STATES)[number];

/** Whether a level moves the sharer's pointer and keys. */
export function includesInput(level: Level): boolean {
  return level !== "view";
}

/** A person, as the relay attests them. */
export interface Peer {
  readonly name: string;
  readonly subject: string;
  readonly issuer: string;
  readonly title?: string;
  readonly company?: string;
  /** A `data:` URL of an image. */
  readonly picture?: string;
  readonly program?: Program;
}

/** A sharer's machine, with the proof of its key (SPEC 6.7). */
export interface Device {
  /** 64 hex digits. */
  readonly key: string;
  readonly name: string;
  readonly platform: string;
  readonly signature: string;
}

/** What makes a consent evidence (SPEC 6.6). */
export interface Signed {
  readonly issuer: string;
  readonly subject: string;
  /** SHA-256 of the text that was shown, 64 hex digits. */
  readonly shown: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly ui: (typeof UIS)[number];
  readonly signature: string;
}

/** What the helper has to know about the sharer's device, and what it does to the session. */
export interface Warning {
  readonly state: Compliance;
  readonly action: (typeof ACTIONS)[number];
  /** What an administrator calls the rule that says so. */
  readonly rule?: string;
}

/** Figures for the record. */
export interface Figures {
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly fps: number;
  readonly stalls: number;
}

export type ToRelay =
  | {
      type: "hello";
      protocol: { min: number; max: number };
      role: Role;
      client: string;
      ticket: string;
      device?: Device;
    }
  | { type: "create"; reason?: string; incident?: string }
  | { type: "join"; routing: string }
  | { type: "shook"; pair: number; hash: string; helper_key: string; sharer_key: string }
  | { type: "shake_failed"; pair: number; burned: boolean }
  | { type: "ask"; level: Level }
  | {
      type: "consent";
      pair: number;
      level: Level;
      generation: number;
      hash: string;
      answer: (typeof ANSWERS)[number];
      nonce: string;
      signed?: Signed;
    }
  | { type: "challenge"; pair: number; generation: number; nonce: string }
  | { type: "quality"; pair: number; quality: Figures }
  | { type: "report"; pair: number; text?: string }
  | { type: "acknowledge"; pair: number; state: Compliance }
  | { type: "leave" };

export type FromRelay =
  | { type: "welcome"; protocol: number; you: Peer; relay: string }
  | { type: "refused"; fault: FaultCode; text: string }
  | { type: "created"; session: string; routing: string; expires_in: number }
  | { type: "joined"; session: string; tenant: string; pair: number }
  | { type: "claimed"; tenant: string; pair: number }
  | { type: "unclaimed" }
  | { type: "paired"; pair: number; peer: Peer; levels: readonly Level[]; chat?: boolean; compliance?: Warning }
  | { type: "compliance"; pair: number; compliance?: Warning }
  | { type: "rules"; pair: number; levels: readonly Level[]; chat?: boolean }
  | { type: "asked"; pair: number; level: Level; within: number }
  | { type: "declined"; level: Level; fault: FaultCode }
  | { type: "withdrawn"; pair: number }
  | {
      type: "granted";
      pair: number;
      session: string;
      level: Level;
      generation: number;
      sequence: number;
      hash: string;
      nonce: string;
      /** The same, signed by the relay: what the sharer goes by (SPEC 6.5). */
      token: string;
    }
  | { type: "slow_peer"; pair: number }
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

/** The text of a message, as it stands behind the kind byte. */
export function encodeMessage(message: ToRelay | FromRelay): Bytes {
  return utf8(JSON.stringify(message));
}

export function parseToRelay(text: Uint8Array): ToRelay {
  const from = shape.parseObject(text);
  const type = from.get("type");
  switch (type) {
    case "hello":
      return {
        type,
        protocol: protocols(from.get("protocol")),
        role: shape.oneOf(from.get("role"), ROLES),
        client: shape.string(from.get("client"), MAX_CLIENT),
        ticket: shape.string(from.get("ticket")),
        ...device(from.get("device")),
      };
    case "create":
      return {
        type,
        ...optional("reason", shape.stringIfAny(from.get("reason"), MAX_REASON)),
        ...optional("incident", shape.stringIfAny(from.get("incident"), MAX_INCIDENT)),
      };
    case "join":
      return { type, routing: routing(from.get("routing")) };
    case "shook":
      return {
        type,
        pair: pair(from),
        hash: hash(from),
        helper_key: shape.hexDigits(from.get("helper_key"), 64),
        sharer_key: shape.hexDigits(from.get("sharer_key"), 64),
      };
    case "shake_failed":
      return { type, pair: pair(from), burned: shape.boolean(from.get("burned")) };
    case "ask":
      return { type, level: level(from.get("level")) };
    case "consent":
      return {
        type,
        pair: pair(from),
        level: level(from.get("level")),
        generation: generation(from),
        hash: hash(from),
        answer: shape.oneOf(from.get("answer"), ANSWERS),
        nonce: nonce(from),
        ...signed(from.get("signed")),
      };
    case "challenge":
      return { type, pair: pair(from), generation: generation(from), nonce: nonce(from) };
    case "quality":
      return { type, pair: pair(from), quality: figures(from.get("quality")) };
    case "report":
      return { type, pair: pair(from), ...optional("text", shape.stringIfAny(from.get("text"), MAX_REASON)) };
    case "acknowledge":
      return { type, pair: pair(from), state: shape.oneOf(from.get("state"), STATES) };
    case "leave":
      return { type };
    default:
      throw Malformed.message();
  }
}

export function parseFromRelay(text: Uint8Array): FromRelay {
  const from = shape.parseObject(text);
  const type = from.get("type");
  switch (type) {
    case "welcome":
      return {
        type,
        protocol: shape.integer(from.get("protocol"), shape.U16),
        you: peer(from.get("you")),
        relay: shape.string(from.get("relay")),
      };
    case "refused":
      return { type, fault: fault(from), text: shape.string(from.get("text")) };
    case "ended":
    case "faulted":
      return {
        type,
        fault: fault(from),
        text: shape.string(from.get("text")),
        ...optional("rule", shape.stringIfAny(from.get("rule"), MAX_RULE)),
        ...stepUp(from.get("step_up")),
      };
    case "created":
      return {
        type,
        session: session(from),
        routing: routing(from.get("routing")),
        expires_in: shape.integer(from.get("expires_in"), shape.U32),
      };
    case "joined":
      return { type, session: session(from), tenant: shape.string(from.get("tenant")), pair: pair(from) };
    case "claimed":
      return { type, tenant: shape.string(from.get("tenant")), pair: pair(from) };
    case "unclaimed":
      return { type };
    case "paired":
      return {
        type,
        pair: pair(from),
        peer: peer(from.get("peer")),
        levels: levels(from),
        ...chat(from),
        ...compliance(from),
      };
    case "compliance":
      return { type, pair: pair(from), ...compliance(from) };
    case "rules":
      return { type, pair: pair(from), levels: levels(from), ...chat(from) };
    case "asked":
      return {
        type,
        pair: pair(from),
        level: level(from.get("level")),
        within: shape.integer(from.get("within"), shape.U32),
      };
    case "declined":
      return { type, level: level(from.get("level")), fault: fault(from) };
    case "withdrawn":
    case "slow_peer":
      return { type, pair: pair(from) };
    case "granted":
      return {
        type,
        pair: pair(from),
        session: session(from),
        level: level(from.get("level")),
        generation: generation(from),
        sequence: shape.integer(from.get("sequence"), shape.U64),
        hash: hash(from),
        nonce: nonce(from),
        token: shape.string(from.get("token"), MAX_GRANT),
      };
    default:
      throw Malformed.message();
  }
}

function pair(from: shape.Members): number {
  return shape.integer(from.get("pair"), PAIRS - 1);
}

function hash(from: shape.Members): string {
  return shape.hexDigits(from.get("hash"), 64);
}

function session(from: shape.Members): string {
  return shape.hexDigits(from.get("session"), 32);
}

function generation(from: shape.Members): number {
  return shape.integer(from.get("generation"), shape.U32);
}

function nonce(from: shape.Members): string {
  return shape.string(from.get("nonce"), MAX_NONCE);
}

function level(value: unknown): Level {
  return shape.oneOf(value, LEVELS);
}

function levels(from: shape.Members): Level[] {
  return shape.list(from.get("levels"), MAX_LEVELS).map(level);
}

/** Left out where the two may chat. */
function chat(from: shape.Members): { chat?: boolean } {
  const value = from.get("chat");
  return value === undefined ? {} : { chat: shape.boolean(value) };
}

function compliance(from: shape.Members): { compliance?: Warning } {
  const value = from.get("compliance");
  if (value === undefined || value === null) return {};
  const members = shape.object(value);
  const warning: Warning = {
    state: shape.oneOf(members.get("state"), STATES),
    action: shape.oneOf(members.get("action"), ACTIONS),
    ...optional("rule", shape.stringIfAny(members.get("rule"), MAX_RULE)),
  };
  return { compliance: warning };
}

function device(value: unknown): { device?: Device } {
  if (value === undefined || value === null) return {};
  const from = shape.object(value);
  const device: Device = {
    key: shape.hexDigits(from.get("key"), 64),
    name: shape.string(from.get("name"), MAX_DEVICE_NAME),
    platform: shape.string(from.get("platform"), MAX_DEVICE_NAME),
    signature: shape.string(from.get("signature"), MAX_SUBJECT),
  };
  return { device };
}

function signed(value: unknown): { signed?: Signed } {
  if (value === undefined || value === null) return {};
  const from = shape.object(value);
  const signed: Signed = {
    issuer: shape.string(from.get("issuer"), MAX_SUBJECT),
    subject: shape.string(from.get("subject"), MAX_SUBJECT),
    shown: shape.hexDigits(from.get("shown"), 64),
    at: shape.integer(from.get("at"), shape.U64),
    ui: shape.oneOf(from.get("ui"), UIS),
    signature: shape.string(from.get("signature"), MAX_SUBJECT),
  };
  return { signed };
}

function routing(value: unknown): string {
  const digits = shape.string(value);
  if (!/^[0-9]{3}$/.test(digits)) throw Malformed.message();
  return digits;
}

function fault(from: shape.Members): FaultCode {
  const code = shape.string(from.get("fault"));
  if (!isFault(code)) throw Malformed.message();
  return code;
}

function isFault(code: string): code is FaultCode {
  return faultName(code) !== null;
}

function protocols(value: unknown): { min: number; max: number } {
  const from = shape.object(value);
  return { min: shape.integer(from.get("min"), shape.U16), max: shape.integer(from.get("max"), shape.U16) };
}

function peer(value: unknown): Peer {
  const from = shape.object(value);
  const program = from.get("program");
  return {
    name: shape.string(from.get("name")),
    subject: shape.string(from.get("subject")),
    issuer: shape.string(from.get("issuer")),
    ...optional("title", shape.stringIfAny(from.get("title"), MAX_TITLE)),
    ...optional("company", shape.stringIfAny(from.get("company"), MAX_COMPANY)),
    ...optional("picture", image(from.get("picture"))),
    ...(program === undefined || program === null ? {} : { program: shape.oneOf(program, PROGRAMS) }),
  };
}

/** A `data:` URL of a bitmap: nothing that could hold a script or ask the network. */
function image(value: unknown): string | undefined {
  const url = shape.stringIfAny(value, MAX_PICTURE);
  if (url !== undefined && !/^data:image\/(?:png|jpeg|webp);base64,[A-Za-z0-9+/=]*$/.test(url)) {
    throw Malformed.message();
  }
  return url;
}

function figures(value: unknown): Figures {
  const from = shape.object(value);
  return {
    p50_ms: shape.figure(from.get("p50_ms")),
    p95_ms: shape.figure(from.get("p95_ms")),
    fps: shape.figure(from.get("fps")),
    stalls: shape.integer(from.get("stalls"), shape.U32),
  };
}

function optional<Name extends string>(name: Name, value: string | undefined): { [name in Name]?: string } {
  const members: { [name in Name]?: string } = {};
  if (value !== undefined) members[name] = value;
  return members;
}
