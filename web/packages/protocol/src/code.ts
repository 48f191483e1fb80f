// The eight digits that one person reads out and the other types (SPEC 6.2).

export const ROUTING_DIGITS = 3;
export const DIGITS = 8;

/** Why a typed text is no code. */
export class NotACode extends Error {
  override readonly name = "NotACode";
}

/** The digits of what a person typed. */
export function parseCode(typed: string): string {
  let digits = "";
  for (const letter of typed) {
    const value = decimal(letter);
    if (value !== null) digits += value;
    else if (!/\p{White_Space}/u.test(letter) && !DASHES.includes(letter)) {
      throw new NotACode(`a code has only digits; '${visible(letter)}' is none`);
    }
  }
  if (digits.length !== DIGITS) throw new NotACode(`a code has 8 digits, this has ${digits.length}`);
  return digits;
}

/** The five secret digits, all 100000 equally likely; `random` gives 32 fresh random bits a call. */
export function drawSecret(random: () => number): string {
  const secrets = 100_000;
  const fair = 0xffff_ffff - (0xffff_ffff % secrets);
  let number = random();
  while (number >= fair) number = random();
  return String(number % secrets).padStart(5, "0");
}

/** The value of a Unicode decimal digit (general category Nd), or null. */
function decimal(letter: string): number | null {
  const point = letter.codePointAt(0) ?? 0;
  const zero = ZEROS.findLast((start) => start <= point);
  return zero !== undefined && point - zero < 10 ? point - zero : null;
}

/** A letter that cannot be seen is told by its number. */
function visible(letter: string): string {
  return /[\p{C}\p{M}\p{Z}]/u.test(letter) ? `\\u{${letter.codePointAt(0)?.toString(16)}}` : letter;
}

/** Hyphens and dashes that people and word processors put between digits. */
const DASHES = "-\u058a\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2e3a\u30a0\ufe58\ufe63\uff0d";

// A table of its own, so that every browser agrees: the code points of the decimal zeros in Unicode 16.
const ZEROS: readonly number[] = [
  0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20,
  0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0,
  0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x10d40, 0x11066, 0x110f0, 0x11136, 0x111d0,
  0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x116d0, 0x116da, 0x11730, 0x118e0, 0x11950, 0x11bf0, 0x11c50, 0x11d50,
  0x11da0, 0x11f50, 0x16130, 0x16a60, 0x16ac0, 0x16b50, 0x16d70, 0x1ccf0, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6,
  0x1e140, 0x1e2f0, 0x1e4f0, 0x1e5f1, 0x1e950, 0x1fbf0,
];
