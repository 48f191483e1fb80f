// What the helper's keyboard does, as events of SPEC 12.

import { type InputEvent, MAX_KEY_TEXT, MAX_TEXT, utf8 } from "@handrail/protocol";
import { usageOf } from "./usage.ts";

/** The part of a KeyboardEvent that counts. */
export type Key = Pick<
  KeyboardEvent,
  | "type"
  | "code"
  | "key"
  | "repeat"
  | "isComposing"
  | "timeStamp"
  | "ctrlKey"
  | "altKey"
  | "metaKey"
  | "getModifierState"
>;

/** Milliseconds: Windows presses a Control that nobody touched right before AltGr. */
const ALTGR = 20;

export class Keyboard {
  /** Keys that are down at the sharer. */
  readonly #down = new Set<number>();
  #controlAt = Number.NEGATIVE_INFINITY;

  /** The events of a key, or null if the page should keep it: an input method has it, or it is no key that we know. */
  events(key: Key): readonly InputEvent[] | null {
    if (key.isComposing || key.key === "Process") return null;
    const usage = usageOf(key.code);
    if (usage === null) return key.type === "keydown" && writes(key) ? [{ event: "text", text: key.key }] : null;
    return key.type === "keydown" ? this.#press(usage, key) : this.#release(usage, key);
  }

  /** Keys one after the other, released in reverse order; codes that are no keys are left out. */
  chord(codes: readonly string[]): readonly InputEvent[] {
    const usages = codes.map(usageOf).filter((usage) => usage !== null);
    const stroke =
      (down: boolean) =>
      (usage: number): InputEvent => {
        return { event: "key", usage, down, caps: false, num: false, text: null };
      };
    return [...usages.map(stroke(true)), ...usages.toReversed().map(stroke(false))];
  }

  releaseAll(): readonly InputEvent[] {
    this.#down.clear();
    return [{ event: "release_all" }];
  }

  #press(usage: number, key: Key): readonly InputEvent[] {
    if (key.repeat || this.#down.has(usage)) return [];
    const before: InputEvent[] = [];
    if (key.code === "ControlLeft") this.#controlAt = key.timeStamp;
    if (key.code === "AltRight" && key.timeStamp - this.#controlAt < ALTGR) {
      const control = usageOf("ControlLeft");
      if (control !== null && this.#down.delete(control)) before.push(stroke(control, false, key, null));
    }
    this.#down.add(usage);
    return [...before, stroke(usage, true, key, writes(key) ? key.key : null)];
  }

  #release(usage: number, key: Key): readonly InputEvent[] {
    if (!this.#down.delete(usage)) return [];
    // macOS does not tell when a key is let go while Command is held.
    const isCommand = key.code === "MetaLeft" || key.code === "MetaRight";
    if (isCommand && this.#down.size > 0) return this.releaseAll();
    return [stroke(usage, false, key, null)];
  }
}

/** Text without keys, in pieces that fit an event; no letter is cut. */
export function textEvents(text: string): readonly InputEvent[] {
  const pieces: string[] = [];
  let piece = "";
  for (const letter of text) {
    if (utf8(piece + letter).length > MAX_TEXT) {
      pieces.push(piece);
      piece = "";
    }
    piece += letter;
  }
  if (piece !== "") pieces.push(piece);
  return pieces.map((part) => ({ event: "text", text: part }));
}

/** Whether the key writes its `key`: one letter, and not a shortcut. */
function writes(key: Key): boolean {
  const shortcut = (key.ctrlKey || key.altKey || key.metaKey) && !key.getModifierState("AltGraph");
  return !shortcut && [...key.key].length === 1 && utf8(key.key).length <= MAX_KEY_TEXT;
}

function stroke(usage: number, down: boolean, key: Key, text: string | null): InputEvent {
  const [caps, num] = [key.getModifierState("CapsLock"), key.getModifierState("NumLock")];
  return { event: "key", usage, down, caps, num, text };
}
