import { expect, test } from "vitest";
import { shortcutOf } from "./shortcut.ts";

function key(code: string, held: string) {
  const has = (name: string) => held.includes(name);
  return {
    code,
    ctrlKey: has("c"),
    altKey: has("a"),
    shiftKey: has("s"),
    metaKey: has("m"),
    getModifierState: (name: string) => name === "AltGraph" && has("g"),
  };
}

test("the chord is complete with the last of the three, whichever that is", () => {
  for (const code of ["ControlLeft", "AltLeft", "AltRight", "ShiftRight"]) {
    expect(shortcutOf(key(code, "cas"))).toEqual({ does: "release" });
  }
  expect(shortcutOf(key("ShiftLeft", "cs"))).toBeNull();
});

test("control with alt and a letter is the console's, with AltGr it writes", () => {
  expect(shortcutOf(key("KeyF", "ca"))).toEqual({ does: "full_screen" });
  expect(shortcutOf(key("Digit3", "ca"))).toEqual({ does: "monitor", number: 3 });
  expect(shortcutOf(key("KeyF", "cag"))).toBeNull();
  for (const held of ["c", "a", "cas", "cam", ""]) expect(shortcutOf(key("KeyC", held))).toBeNull();
  for (const code of ["Digit0", "KeyX", "Delete"]) expect(shortcutOf(key(code, "ca"))).toBeNull();
});
