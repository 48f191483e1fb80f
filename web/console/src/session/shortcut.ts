// The console's own shortcuts of a session; everything else belongs to the other computer.

export type Shortcut =
  | { readonly does: "release" | "full_screen" | "chat" | "mode" | "laser" | "secure_attention" }
  | { readonly does: "monitor"; readonly number: number };

type Key = Pick<KeyboardEvent, "code" | "ctrlKey" | "altKey" | "shiftKey" | "metaKey" | "getModifierState">;

const MODIFIER = /^(Control|Alt|Shift)(Left|Right)$/;
const LETTERS: { readonly [code: string]: "full_screen" | "chat" | "mode" | "laser" | "secure_attention" } = {
  KeyF: "full_screen",
  KeyC: "chat",
  KeyV: "mode",
  KeyL: "laser",
  End: "secure_attention",
};

/** What a key that goes down means; null if it is none of the console's shortcuts. AltGr is no Control with Alt. */
export function shortcutOf(key: Key): Shortcut | null {
  if (!key.ctrlKey || !key.altKey || key.metaKey || key.getModifierState("AltGraph")) return null;
  if (key.shiftKey) return MODIFIER.test(key.code) ? { does: "release" } : null;
  const number = /^Digit([1-9])$/.exec(key.code)?.[1];
  if (number !== undefined) return { does: "monitor", number: Number(number) };
  const does = LETTERS[key.code];
  return does === undefined ? null : { does };
}
