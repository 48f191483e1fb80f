// Messages between the two ends on channel `control`: JSON text, one a message (SPEC 11).

import { type Bytes, utf8 } from "./bytes.ts";
import { PAIRS, PAIRS_AT_ONCE } from "./frame.ts";
import { LEVELS, type Level, MAX_SUBJECT } from "./message/parts.ts";
import { Malformed } from "./reader.ts";
import * as shape from "./shape.ts";

/** The first counter of a channel in a generation. */
export interface Start {
  readonly channel: number;
  readonly counter: number;
}

/** A monitor of the sharer. */
export interface Output {
  readonly id: number;
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly primary: boolean;
}

/** A helper who is in the session, as the sharer knows one. */
export interface Present {
  readonly pair: number;
  /** As verified by the sharer's client. */
  readonly name: string;
  /** The level that stands; null before the first. */
  readonly level: Level | null;
}

/** What the ends say to each other. */
export type Control =
  | { type: "epoch"; generation: number; secret: string; starts: readonly Start[] }
  | { type: "epoch_ack"; generation: number; starts: readonly Start[] }
  | { type: "skip"; channel: number; to: number }
  | { type: "rekey" }
  | { type: "pause"; on: boolean }
  | { type: "quiet"; update: number }
  | { type: "reset" }
  | { type: "painted"; update: number }
  | { type: "input_discarded"; events: number }
  | { type: "outputs"; outputs: readonly Output[]; shown: number | null }
  | { type: "show_output"; output: number | null }
  | { type: "invite"; subject: string; name: string; hand_over: boolean }
  | { type: "uninvite"; subject: string }
  | { type: "helpers"; helpers: readonly Present[] }
  | { type: "leave" };

const MAX_STARTS = 64;
const MAX_OUTPUTS = 16;
const MAX_OUTPUT_NAME = 64;

export function encodeControl(control: Control): Bytes {
  return utf8(JSON.stringify(control));
}

export function decodeControl(message: Uint8Array): Control {
  const from = shape.parseObject(message);
  const type = from.get("type");
  switch (type) {
    case "epoch":
      return {
        type,
        generation: u32(from.get("generation")),
        secret: shape.string(from.get("secret")),
        starts: starts(from.get("starts")),
      };
    case "epoch_ack":
      return { type, generation: u32(from.get("generation")), starts: starts(from.get("starts")) };
    case "skip":
      return {
        type,
        channel: shape.integer(from.get("channel"), shape.U8),
        to: shape.integer(from.get("to"), shape.U64),
      };
    case "pause":
      return { type, on: shape.boolean(from.get("on")) };
    case "quiet":
    case "painted":
      return { type, update: u32(from.get("update")) };
    case "input_discarded":
      return { type, events: shape.integer(from.get("events"), shape.U64) };
    case "outputs":
      return {
        type,
        outputs: shape.list(from.get("outputs"), MAX_OUTPUTS).map(output),
        shown: idOrNull(from.get("shown")),
      };
    case "show_output":
      return { type, output: idOrNull(from.get("output")) };
    case "invite":
      return {
        type,
        subject: personal(from.get("subject")),
        name: personal(from.get("name")),
        hand_over: shape.boolean(from.get("hand_over")),
      };
    case "uninvite":
      return { type, subject: personal(from.get("subject")) };
    case "helpers":
      return { type, helpers: shape.list(from.get("helpers"), PAIRS_AT_ONCE).map(present) };
    case "rekey":
    case "reset":
    case "leave":
      return { type };
    default:
      throw Malformed.message();
  }
}

function u32(value: unknown): number {
  return shape.integer(value, shape.U32);
}

function u16(value: unknown): number {
  return shape.integer(value, shape.U16);
}

function starts(value: unknown): readonly Start[] {
  return shape.list(value, MAX_STARTS).map((start) => {
    const from = shape.object(start);
    return {
      channel: shape.integer(from.get("channel"), shape.U8),
      counter: shape.integer(from.get("counter"), shape.U64),
    };
  });
}

function output(value: unknown): Output {
  const from = shape.object(value);
  return {
    id: u32(from.get("id")),
    name: shape.string(from.get("name"), MAX_OUTPUT_NAME),
    x: u16(from.get("x")),
    y: u16(from.get("y")),
    width: u16(from.get("width")),
    height: u16(from.get("height")),
    primary: shape.boolean(from.get("primary")),
  };
}

function present(value: unknown): Present {
  const from = shape.object(value);
  const level = from.get("level");
  return {
    pair: shape.integer(from.get("pair"), PAIRS - 1),
    name: personal(from.get("name")),
    level: level === null ? null : shape.oneOf(level, LEVELS),
  };
}

/** A subject, or a name. */
function personal(value: unknown): string {
  return shape.string(value, MAX_SUBJECT);
}

function idOrNull(value: unknown): number | null {
  return value === null ? null : u32(value);
}
