// What the helper's hands do: the message of channel `input` (SPEC 12).

import { type Bytes, concat, u16, u32, utf8 } from "./bytes.ts";
import { Malformed, Reader, text } from "./reader.ts";

export const MAX_EVENTS = 255;
export const MAX_TEXT = 1024;
export const MAX_KEY_TEXT = 16;

export type Button = "left" | "middle" | "right" | "back" | "forward";

export interface KeyEvent {
  readonly event: "key";
  /** USB HID usage, page 7. */
  readonly usage: number;
  readonly down: boolean;
  readonly caps: boolean;
  readonly num: boolean;
  /** What the key wrote on the helper's layout. */
  readonly text: string | null;
}

export type InputEvent =
  | KeyEvent
  | { readonly event: "move"; readonly x: number; readonly y: number }
  | { readonly event: "button"; readonly button: Button; readonly down: boolean }
  | { readonly event: "wheel"; readonly dx: number; readonly dy: number }
  | { readonly event: "text"; readonly text: string }
  | { readonly event: "release_all" };

export interface Input {
  /** The number of the first event; numbers rise by one and wrap. */
  readonly first: number;
  /** The helper's clock in milliseconds, from any start. */
  readonly clockMs: number;
  readonly events: readonly InputEvent[];
}

const KEY = 1;
const MOVE = 2;
const BUTTON = 3;
const WHEEL = 4;
const TEXT = 5;
const RELEASE_ALL = 6;

const BUTTONS: readonly Button[] = ["left", "middle", "right", "back", "forward"];

export function encodeInput(input: Input): Bytes {
  if (input.events.length > MAX_EVENTS) throw new RangeError(`${input.events.length} events in one message`);
  const head = concat(u32(input.first), u32(input.clockMs), Uint8Array.of(input.events.length));
  return concat(head, ...input.events.map(encodeEvent));
}

export function decodeInput(message: Uint8Array): Input {
  const reader = new Reader(message);
  const [first, clockMs, count] = [reader.u32("first"), reader.u32("clock"), reader.u8("count")];
  const events = Array.from({ length: count }, () => readEvent(reader));
  reader.end();
  return { first, clockMs, events };
}

function encodeEvent(event: InputEvent): Bytes {
  switch (event.event) {
    case "key": {
      const flags = (event.down ? 1 : 0) | (event.caps ? 2 : 0) | (event.num ? 4 : 0);
      const written = bounded(event.text ?? "", MAX_KEY_TEXT);
      return concat(Uint8Array.of(KEY, flags), u16(event.usage), Uint8Array.of(written.length), written);
    }
    case "move":
      return concat(Uint8Array.of(MOVE), u16(event.x), u16(event.y));
    case "button":
      return Uint8Array.of(BUTTON, BUTTONS.indexOf(event.button) + 1, event.down ? 1 : 0);
    case "wheel":
      return concat(Uint8Array.of(WHEEL), u16(event.dx), u16(event.dy));
    case "text": {
      const written = bounded(event.text, MAX_TEXT);
      return concat(Uint8Array.of(TEXT), u16(written.length), written);
    }
    case "release_all":
      return Uint8Array.of(RELEASE_ALL);
  }
}

function readEvent(reader: Reader): InputEvent {
  const kind = reader.u8("event");
  switch (kind) {
    case KEY:
      return readKey(reader);
    case MOVE:
      return { event: "move", x: reader.u16("x"), y: reader.u16("y") };
    case BUTTON: {
      const number = reader.u8("button");
      const button = BUTTONS[number - 1];
      if (button === undefined) throw Malformed.value("button", number);
      return { event: "button", button, down: reader.bool("down") };
    }
    case WHEEL:
      return { event: "wheel", dx: reader.i16("dx"), dy: reader.i16("dy") };
    case TEXT:
      return { event: "text", text: readText(reader, reader.u16("text length"), MAX_TEXT) };
    case RELEASE_ALL:
      return { event: "release_all" };
    default:
      throw Malformed.value("event", kind);
  }
}

function readKey(reader: Reader): KeyEvent {
  const flags = reader.u8("flags");
  if (flags > 7) throw Malformed.value("flags", flags);
  const usage = reader.u16("usage");
  const written = readText(reader, reader.u8("text length"), MAX_KEY_TEXT);
  return {
    event: "key",
    usage,
    down: (flags & 1) !== 0,
    caps: (flags & 2) !== 0,
    num: (flags & 4) !== 0,
    text: written === "" ? null : written,
  };
}

function readText(reader: Reader, length: number, most: number): string {
  if (length > most) throw Malformed.tooLong(length);
  return text(reader.bytes(length, "text"));
}

function bounded(value: string, most: number): Bytes {
  const bytes = utf8(value);
  if (bytes.length > most) throw new RangeError(`a text of ${bytes.length} bytes`);
  return bytes;
}
