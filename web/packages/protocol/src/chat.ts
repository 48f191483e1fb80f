import { type Bytes, byteLength, concat, u32, utf8 } from "./bytes.ts";
import { PAIRS } from "./frame.ts";
import { Malformed, Reader, text } from "./reader.ts";

/** Bytes of a line of chat. */
export const MAX_LINE = 65536;

/** A line of chat (SPEC 13). It is text of a person, never markup. */
export interface Line {
  readonly id: number;
  /** The pair of the helper who wrote it, if the sharer passes it on; null for a line of the sender's own. */
  readonly author: number | null;
  readonly text: string;
}

/** Null if the line is too long. */
export function encodeLine(line: Line): Bytes | null {
  return byteLength(line.text) > MAX_LINE
    ? null
    : concat(u32(line.id), Uint8Array.of(authorByte(line)), utf8(line.text));
}

export function decodeLine(message: Uint8Array): Line {
  const reader = new Reader(message);
  const id = reader.u32("id");
  const author = reader.u8("author");
  if (author > PAIRS) throw Malformed.value("author", author);
  const rest = reader.rest();
  if (rest.length > MAX_LINE) throw Malformed.tooLong(rest.length);
  return { id, author: author === 0 ? null : author - 1, text: text(rest) };
}

function authorByte({ author }: Line): number {
  return author === null ? 0 : author + 1;
}
