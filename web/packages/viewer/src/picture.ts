// The picture decoder (web/decoder) and what TypeScript keeps beside it: cursor shapes and stills (SPEC 7).

import { type Bytes, concat, toHex } from "@handrail/protocol";
import { PictureError } from "./defect.ts";

/** Logarithm of the largest window that a sharer may ask for (SPEC 7.3). */
export const WINDOW_LOG_MAX = 25;

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** The picture of a pointer: RGBA with straight alpha. */
export interface CursorShape {
  readonly width: number;
  readonly height: number;
  readonly hotX: number;
  readonly hotY: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** A lossy image over the picture; `image` is a JPEG file of exactly the size of `rect`. */
export interface Still {
  readonly rect: Rect;
  readonly update: number;
  readonly image: Bytes;
}

/** What one slice did. */
export interface Applied {
  readonly context: number;
  readonly update: number;
  /** The last input event that the sharer had applied when it took this picture. */
  readonly input: bigint;
  /** Whether the update is whole: only then it is shown. */
  readonly last: boolean;
  /** Whether the picture was made anew; stills and shapes from before are gone. */
  readonly resized: boolean;
  /** Places that may look different, in the order of drawing. */
  readonly touched: readonly Rect[];
  /** Ids of the cursor shapes that are new. */
  readonly shapes: readonly number[];
  /** Ids of the stills that are new or gone. */
  readonly stills: readonly number[];
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  picture_init(windowLogMax: number): number;
  picture_slice(): number;
  picture_push(length: number): number;
  picture_applied(): number;
  picture_touched(): number;
  picture_shapes(): number;
  picture_stills(): number;
}

const SLICE_ROOM = 288 * 1024;
const APPLIED_WORDS = 12;
const SHAPE_WORDS = 6;
const STILL_WORDS = 7;

export class Picture {
  readonly #wasm: Exports;
  readonly #shapes = new Map<number, CursorShape>();
  readonly #stills = new Map<number, Still>();
  #width = 0;
  #height = 0;
  #address = 0;

  /** A decoder with a memory of its own. It has no picture before the first slice. */
  constructor(module: WebAssembly.Module, windowLogMax = WINDOW_LOG_MAX) {
    this.#wasm = exportsOf(new WebAssembly.Instance(module));
    const wrong = this.#wasm.picture_init(windowLogMax);
    if (wrong !== 0) throw new PictureError(wrong);
  }

  get size(): { readonly width: number; readonly height: number } | null {
    return this.#width === 0 ? null : { width: this.#width, height: this.#height };
  }

  get shapes(): ReadonlyMap<number, CursorShape> {
    return this.#shapes;
  }

  get stills(): ReadonlyMap<number, Still> {
    return this.#stills;
  }

  /** The exact picture where it stands: valid until the next slice. */
  get rgba(): Uint8ClampedArray<ArrayBuffer> {
    return new Uint8ClampedArray(this.#buffer, this.#address, this.#width * this.#height * 4);
  }

  /** Applies one slice, or throws a PictureError. */
  push(slice: Uint8Array): Applied {
    if (slice.length <= SLICE_ROOM) {
      new Uint8Array(this.#buffer, this.#wasm.picture_slice(), slice.length).set(slice);
    }
    const wrong = this.#wasm.picture_push(slice.length);
    if (wrong !== 0) throw new PictureError(wrong);
    return this.#read();
  }

  /** SHA-256 over width, height and RGBA: equal exactly if the pictures are. Null without a picture. */
  async hash(): Promise<string | null> {
    if (this.#width === 0) return null;
    const head = new Uint8Array(4);
    new DataView(head.buffer).setUint16(0, this.#width, true);
    new DataView(head.buffer).setUint16(2, this.#height, true);
    const named = concat(head, new Uint8Array(this.#buffer, this.#address, this.#width * this.#height * 4));
    return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", named)));
  }

  #read(): Applied {
    const words = this.#words(this.#wasm.picture_applied(), APPLIED_WORDS);
    const [context = 0, update = 0, low = 0, high = 0, last = 0, resized = 0] = words;
    const [touched = 0, shapes = 0, stills = 0, width = 0, height = 0, address = 0] = words.subarray(6);
    [this.#width, this.#height, this.#address] = [width, height, address];
    if (resized !== 0) {
      this.#shapes.clear();
      this.#stills.clear();
    }
    return {
      context,
      update,
      input: (BigInt(high) << 32n) | BigInt(low),
      last: last !== 0,
      resized: resized !== 0,
      touched: this.#rows(this.#wasm.picture_touched(), touched, 4).map(rect),
      shapes: this.#rows(this.#wasm.picture_shapes(), shapes, SHAPE_WORDS).map((row) => this.#keepShape(row)),
      stills: this.#rows(this.#wasm.picture_stills(), stills, STILL_WORDS).map((row) => this.#keepStill(row, update)),
    };
  }

  #keepShape(row: Uint32Array): number {
    const [id = 0, width = 0, height = 0, hotX = 0, hotY = 0, address = 0] = row;
    const rgba = new Uint8ClampedArray(this.#buffer, address, width * height * 4).slice();
    this.#shapes.set(id, { width, height, hotX, hotY, rgba });
    return id;
  }

  #keepStill(row: Uint32Array, update: number): number {
    const [id = 0, , , , , address = 0, length = 0] = row;
    if (length === 0) this.#stills.delete(id);
    else {
      const image = new Uint8Array(this.#buffer, address, length).slice();
      this.#stills.set(id, { rect: rect(row.subarray(1)), update, image });
    }
    return id;
  }

  #rows(address: number, count: number, width: number): Uint32Array[] {
    const words = this.#words(address, count * width);
    return Array.from({ length: count }, (_, at) => words.subarray(at * width, (at + 1) * width));
  }

  #words(address: number, count: number): Uint32Array {
    return new Uint32Array(this.#buffer, address, count);
  }

  /** Growing the memory makes another buffer, so it is fetched anew each time. */
  get #buffer(): ArrayBuffer {
    const { buffer } = this.#wasm.memory;
    if (!(buffer instanceof ArrayBuffer)) throw new TypeError("the decoder's memory is shared");
    return buffer;
  }
}

function rect(row: Uint32Array): Rect {
  const [x = 0, y = 0, w = 0, h = 0] = row;
  return { x, y, w, h };
}

const FUNCTIONS = ["init", "slice", "push", "applied", "touched", "shapes", "stills"] as const;

function exportsOf(instance: WebAssembly.Instance): Exports {
  if (!hasExports(instance.exports)) throw new TypeError("this is another decoder");
  return instance.exports;
}

function hasExports(exports: WebAssembly.Exports): exports is WebAssembly.Exports & Exports {
  const functions = FUNCTIONS.every((name) => typeof exports[`picture_${name}`] === "function");
  return functions && Reflect.get(exports, "memory") instanceof WebAssembly.Memory;
}
