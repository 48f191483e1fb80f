// What relay messages are made of: levels, devices, consents, warnings, figures (SPEC 6.1).

import { type FaultCode, faultName } from "../fault.ts";
import { PAIRS } from "../frame.ts";
import { Malformed } from "../reader.ts";
import * as shape from "../shape.ts";

export const MAX_CLIENT = 200;
export const MAX_REASON = 500;
export const MAX_INCIDENT = 100;
const MAX_NONCE = 64;
/** Bytes of an issuer, a subject or a signature. */
export const MAX_SUBJECT = 255;
const MAX_DEVICE_NAME = 64;
/** Bytes of what administrators call a rule. */
export const MAX_RULE = 200;
const MAX_LEVELS = 16;

export const LEVELS = ["view", "control", "elevation", "unattended"] as const;
export type Level = (typeof LEVELS)[number];
export const ROLES = ["helper", "sharer"] as const;
export type Role = (typeof ROLES)[number];
export const ANSWERS = ["allow", "decline"] as const;
const UIS = ["window", "unattended"] as const;
export const STATES = ["compliant", "not_compliant", "stale", "not_enrolled"] as const;
const ACTIONS = ["warn", "require_ack", "view_only", "block"] as const;
/** What is known about the sharer's device. */
export type Compliance = (typeof STATES)[number];

/** Whether a level moves the sharer's pointer and keys. */
export function includesInput(level: Level): boolean {
  return level !== "view";
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

export function pair(from: shape.Members): number {
  return shape.integer(from.get("pair"), PAIRS - 1);
}

export function hash(from: shape.Members): string {
  return shape.hexDigits(from.get("hash"), 64);
}

export function session(from: shape.Members): string {
  return shape.hexDigits(from.get("session"), 32);
}

export function line(from: shape.Members): string {
  return shape.hexDigits(from.get("line"), 64);
}

export function generation(from: shape.Members): number {
  return shape.integer(from.get("generation"), shape.U32);
}

export function nonce(from: shape.Members): string {
  return shape.string(from.get("nonce"), MAX_NONCE);
}

export function level(value: unknown): Level {
  return shape.oneOf(value, LEVELS);
}

export function levels(from: shape.Members): Level[] {
  return shape.list(from.get("levels"), MAX_LEVELS).map(level);
}

/** Left out where the two may chat. */
export function chat(from: shape.Members): { chat?: boolean } {
  const value = from.get("chat");
  return value === undefined ? {} : { chat: shape.boolean(value) };
}

export function compliance(from: shape.Members): { compliance?: Warning } {
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

export function device(value: unknown): { device?: Device } {
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

export function signed(value: unknown): { signed?: Signed } {
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

export function routing(value: unknown): string {
  const digits = shape.string(value);
  if (!/^[0-9]{3}$/.test(digits)) throw Malformed.message();
  return digits;
}

export function fault(from: shape.Members): FaultCode {
  const code = shape.string(from.get("fault"));
  if (!isFault(code)) throw Malformed.message();
  return code;
}

function isFault(code: string): code is FaultCode {
  return faultName(code) !== null;
}

export function protocols(value: unknown): { min: number; max: number } {
  const from = shape.object(value);
  return { min: shape.integer(from.get("min"), shape.U16), max: shape.integer(from.get("max"), shape.U16) };
}

export function figures(value: unknown): Figures {
  const from = shape.object(value);
  return {
    p50_ms: shape.figure(from.get("p50_ms")),
    p95_ms: shape.figure(from.get("p95_ms")),
    fps: shape.figure(from.get("fps")),
    stalls: shape.integer(from.get("stalls"), shape.U32),
  };
}

export function optional<Name extends string>(name: Name, value: string | undefined): { [name in Name]?: string } {
  const members: { [name in Name]?: string } = {};
  if (value !== undefined) members[name] = value;
  return members;
}
