/** What can be wrong with a slice, in the order of the decoder's numbers (web/decoder/picture.c). */
export const DEFECTS = [
  "none",
  "picture_size",
  "header_truncated",
  "flags",
  "window",
  "context",
  "update",
  "plain_length",
  "packed_length",
  "empty",
  "zstd",
  "frame_ended",
  "length",
  "operation",
  "operation_truncated",
  "outside",
  "too_much_drawing",
  "late_move",
  "id",
  "shape",
  "still",
  "image",
  "broken",
  "memory",
] as const;

export type Defect = (typeof DEFECTS)[number];

/** A slice was refused. Everything is, until one starts a new context. */
export class PictureError extends Error {
  override readonly name = "PictureError";
  readonly defect: Defect;

  constructor(number: number) {
    const defect = DEFECTS[number] ?? "broken";
    super(`the slice was refused: ${defect}`);
    this.defect = defect;
  }
}
