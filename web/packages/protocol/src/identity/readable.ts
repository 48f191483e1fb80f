// Texts of others as they may stand in a line of ours.

/** Marks that could turn the line around them. */
const TURNS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const LONGEST = 128;

/** The text without controls and marks of direction, cut to what fits on one line; null if nothing is left. */
export function readable(text: string): string | null {
  const visible = text.replaceAll(/\p{Cc}/gu, "").replaceAll(TURNS, "");
  const cut = [...visible].slice(0, LONGEST).join("").trim();
  return cut === "" ? null : cut;
}
