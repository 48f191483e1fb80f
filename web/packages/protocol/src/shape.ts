// Takes JSON of a peer apart: every member is looked at before it is used.

import { byteLength } from "./bytes.ts";
import { Malformed, text } from "./reader.ts";

/** The members of a JSON object, not looked at yet. */
export type Members = ReadonlyMap<string, unknown>;

/** The one JSON object in these bytes. */
export function parseObject(bytes: Uint8Array): Members {
  let value: unknown;
  try {
    value = JSON.parse(text(bytes));
  } catch {
    throw Malformed.message();
  }
  return object(value);
}

export function object(value: unknown): Members {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw Malformed.message();
  return new Map<string, unknown>(Object.entries(value));
}

export function list(value: unknown, most: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length > most) throw Malformed.message();
  return value;
}

export function string(value: unknown, mostBytes = Number.POSITIVE_INFINITY): string {
  if (typeof value !== "string" || byteLength(value) > mostBytes) throw Malformed.message();
  return value;
}

/** An optional text: absent and null are the same. */
export function stringIfAny(value: unknown, mostBytes: number): string | undefined {
  return value === undefined || value === null ? undefined : string(value, mostBytes);
}

export function boolean(value: unknown): boolean {
  if (typeof value !== "boolean") throw Malformed.message();
  return value;
}

/** A whole number from `least` to `most`. */
export function integer(value: unknown, most: number, least = 0): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < least || value > most) {
    throw Malformed.message();
  }
  return value;
}

/** A figure for people: no finite 32-bit number below 0 is one. */
export function figure(value: unknown): number {
  if (typeof value !== "number" || !(value >= 0) || !Number.isFinite(Math.fround(value))) throw Malformed.message();
  return value;
}

export function oneOf<Word extends string>(value: unknown, words: readonly Word[]): Word {
  const found = words.find((word) => word === value);
  if (found === undefined) throw Malformed.message();
  return found;
}

/** Lower-case hex digits, this many. */
export function hexDigits(value: unknown, digits: number): string {
  const found = string(value);
  if (found.length !== digits || !/^[0-9a-f]*$/.test(found)) throw Malformed.message();
  return found;
}

export const U8 = 0xff;
export const U16 = 0xffff;
export const U32 = 0xffff_ffff;
export const U64 = Number.MAX_SAFE_INTEGER;
