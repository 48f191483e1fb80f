import { type Bytes, byteLength, concat, u32, utf8 } from "./bytes.ts";
import { Malformed, Reader, text } from "./reader.ts";

/** Bytes of a line of chat. */
export const MAX_LINE = 65536;

/** A line of chat (SPEC 13). It is text of a person, never markup. */
export interface Line {
  readonly id: number;
  readonly text: string;
}

/** Null if the line is too long. */
export function encodeLine(line: Line): Bytes | null {
  return byteLength(line.text) > MAX_LINE ? null : concat(u32(line.id), utf8(line.text));
}

export function decodeLine(message: Uint8Array): Line {
  const reader = new Reader(message);
  const id = reader.u32("id");
  const rest = reader.rest();
  if (rest.length > MAX_LINE) throw Malformed.tooLong(rest.length);
  return { id, text: text(rest) };
}
