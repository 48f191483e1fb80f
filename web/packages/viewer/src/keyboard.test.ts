import { utf8 } from "@handrail/protocol";
import { describe, expect, test } from "vitest";
import { type Key, Keyboard, textEvents } from "./keyboard.ts";
import { usageOf } from "./usage.ts";

function key(
  type: "keydown" | "keyup",
  code: string,
  written: string,
  rest: Partial<Key> & { on?: string[] } = {},
): Key {
  const { on = [], ...others } = rest;
  const plain = { repeat: false, isComposing: false, timeStamp: 0, ctrlKey: false, altKey: false, metaKey: false };
  return { type, code, key: written, ...plain, getModifierState: (name) => on.includes(name), ...others };
}

const stroke = (usage: number, down: boolean, text: string | null, caps = false) => {
  return { event: "key", usage, down, caps, num: false, text };
};

describe("a keyboard", () => {
  test("tells the place of a key and what it wrote, and no repeats", () => {
    const keyboard = new Keyboard();
    expect(keyboard.events(key("keydown", "KeyQ", "a"))).toEqual([stroke(20, true, "a")]);
    expect(keyboard.events(key("keydown", "KeyQ", "a", { repeat: true }))).toEqual([]);
    expect(keyboard.events(key("keyup", "KeyQ", "a"))).toEqual([stroke(20, false, null)]);
    expect(keyboard.events(key("keyup", "KeyQ", "a"))).toEqual([]);
    expect(keyboard.events(key("keydown", "KeyA", "A", { on: ["CapsLock"] }))).toEqual([stroke(4, true, "A", true)]);
  });

  test("a shortcut, a dead key and a named key write nothing", () => {
    const keyboard = new Keyboard();
    expect(keyboard.events(key("keydown", "KeyC", "c", { ctrlKey: true }))).toEqual([stroke(6, true, null)]);
    expect(keyboard.events(key("keydown", "Equal", "Dead"))).toEqual([stroke(46, true, null)]);
    expect(keyboard.events(key("keydown", "Enter", "Enter"))).toEqual([stroke(40, true, null)]);
  });

  test("AltGr takes back the Control that Windows invents, and writes", () => {
    const keyboard = new Keyboard();
    const rest = { ctrlKey: true, altKey: true, on: ["AltGraph"] };
    expect(keyboard.events(key("keydown", "ControlLeft", "Control", { timeStamp: 5 }))).toEqual([
      stroke(0xe0, true, null),
    ]);
    expect(keyboard.events(key("keydown", "AltRight", "AltGraph", { timeStamp: 6, ...rest }))).toEqual([
      stroke(0xe0, false, null),
      stroke(0xe6, true, null),
    ]);
    expect(keyboard.events(key("keydown", "KeyE", "€", rest))).toEqual([stroke(8, true, "€")]);
    expect(keyboard.events(key("keyup", "ControlLeft", "Control"))).toEqual([]);
  });

  test("what an input method has is the page's; a key without a place travels as text", () => {
    const keyboard = new Keyboard();
    expect(keyboard.events(key("keydown", "KeyA", "Process"))).toBeNull();
    expect(keyboard.events(key("keydown", "KeyA", "a", { isComposing: true }))).toBeNull();
    expect(keyboard.events(key("keydown", "", "ü"))).toEqual([{ event: "text", text: "ü" }]);
    expect(keyboard.events(key("keydown", "BrowserBack", "BrowserBack"))).toBeNull();
  });

  test("letting Command go releases what macOS does not tell", () => {
    const keyboard = new Keyboard();
    keyboard.events(key("keydown", "MetaLeft", "Meta"));
    keyboard.events(key("keydown", "KeyC", "c", { metaKey: true }));
    expect(keyboard.events(key("keyup", "MetaLeft", "Meta"))).toEqual([{ event: "release_all" }]);
  });

  test("a chord is pressed in order and released in reverse", () => {
    const events = new Keyboard().chord(["ControlLeft", "AltLeft", "Delete", "Nonsense"]);
    const told = events.map((event) => event.event === "key" && [event.usage, event.down]);
    expect(told).toEqual([
      [0xe0, true],
      [0xe2, true],
      [0x4c, true],
      [0x4c, false],
      [0xe2, false],
      [0xe0, false],
    ]);
  });

  test("long text is cut between letters", () => {
    const text = "日本語🖥".repeat(200);
    const pieces = textEvents(text).map((event) => (event.event === "text" ? event.text : ""));
    expect(pieces.join("")).toBe(text);
    expect(pieces.every((piece) => utf8(piece).length <= 1024)).toBe(true);
  });
});

test("usages are those of the HID tables", () => {
  const known = { KeyA: 0x04, KeyZ: 0x1d, Digit0: 0x27, Slash: 0x38, F12: 0x45, Delete: 0x4c, ArrowUp: 0x52 };
  const more = { Numpad0: 0x62, NumpadDecimal: 0x63, IntlBackslash: 0x64, ContextMenu: 0x65, F13: 0x68, IntlYen: 0x89 };
  for (const [code, usage] of Object.entries({ ...known, ...more, MetaRight: 0xe7 }))
    expect(usageOf(code), code).toBe(usage);
});
