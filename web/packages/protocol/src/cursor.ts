// Places of the two pointers (SPEC 14), in pixels of the shared picture.

import { type Bytes, concat, u16, u32 } from "./bytes.ts";
import { Reader } from "./reader.ts";

/** Where the sharer's own pointer is. Shape 0 is invisible unless the picture brought a shape 0. */
export interface CursorPlace {
  readonly shape: number;
  readonly x: number;
  readonly y: number;
}

/** Where the helper points. */
export interface LaserPlace {
  readonly on: boolean;
  readonly x: number;
  readonly y: number;
  /** Red, green, blue. */
  readonly colour: readonly [number, number, number];
}

export function encodeCursor(place: CursorPlace): Bytes {
  return concat(u32(place.shape), u16(place.x), u16(place.y));
}

export function decodeCursor(message: Uint8Array): CursorPlace {
  const reader = new Reader(message);
  const place = { shape: reader.u32("shape"), x: reader.u16("x"), y: reader.u16("y") };
  reader.end();
  return place;
}

export function encodeLaser(place: LaserPlace): Bytes {
  return concat(Uint8Array.of(place.on ? 1 : 0), u16(place.x), u16(place.y), Uint8Array.of(...place.colour));
}

export function decodeLaser(message: Uint8Array): LaserPlace {
  const reader = new Reader(message);
  const on = reader.bool("on");
  const [x, y] = [reader.u16("x"), reader.u16("y")];
  const colour: [number, number, number] = [reader.u8("colour"), reader.u8("colour"), reader.u8("colour")];
  reader.end();
  return { on, x, y, colour };
}
