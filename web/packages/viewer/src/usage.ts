/** USB HID usages of page 7, by KeyboardEvent.code: the place of a key, whatever is printed on it. */
const USAGES = new Map<string, number>([
  ...run("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 0x04, (letter) => `Key${letter}`),
  ...run("1234567890", 0x1e, (digit) => `Digit${digit}`),
  ...row(0x28, "Enter Escape Backspace Tab Space Minus Equal BracketLeft BracketRight Backslash"),
  ...row(0x33, "Semicolon Quote Backquote Comma Period Slash CapsLock"),
  ...row(0x3a, "F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 F11 F12 PrintScreen ScrollLock Pause Insert Home PageUp Delete End"),
  ...row(0x4e, "PageDown ArrowRight ArrowLeft ArrowDown ArrowUp NumLock"),
  ...row(0x54, "NumpadDivide NumpadMultiply NumpadSubtract NumpadAdd NumpadEnter"),
  ...run("1234567890", 0x59, (digit) => `Numpad${digit}`),
  ...row(0x63, "NumpadDecimal IntlBackslash ContextMenu Power NumpadEqual"),
  ...row(0x68, "F13 F14 F15 F16 F17 F18 F19 F20 F21 F22 F23 F24"),
  ...row(0x7f, "AudioVolumeMute AudioVolumeUp AudioVolumeDown"),
  ...row(0x85, "NumpadComma"),
  ...row(0x87, "IntlRo KanaMode IntlYen Convert NonConvert"),
  ...row(0x90, "Lang1 Lang2 Lang3 Lang4 Lang5"),
  ...row(0xe0, "ControlLeft ShiftLeft AltLeft MetaLeft ControlRight ShiftRight AltRight MetaRight"),
]);

/** The usage of a key, or null if it has none. */
export function usageOf(code: string): number | null {
  return USAGES.get(code) ?? null;
}

function row(first: number, codes: string): [string, number][] {
  return codes.split(" ").map((code, at) => [code, first + at]);
}

function run(letters: string, first: number, code: (letter: string) => string): [string, number][] {
  return [...letters].map((letter, at) => [code(letter), first + at]);
}
