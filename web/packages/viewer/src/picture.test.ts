import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PictureError } from "./defect.ts";
import { Picture } from "./picture.ts";

interface Slice {
  context: number;
  update: number;
  input: number;
  last: boolean;
  resized: boolean;
  touched: number[][];
  slice: string;
  picture: { width: number; height: number; sha256: string };
  shapes: { id: number; hot: number[]; size: number[]; rgba_sha256: string }[];
  stills: { id: number; rect: number[]; image_sha256: string }[];
}

const folder = new URL("../../../../protocol/vectors/picture/", import.meta.url);
const session: { slices: Slice[] } = load("session.json");
const hostile: { cases: { name: string; error: string; slices: string[] }[] } = load("hostile.json");
const module = new WebAssembly.Module(readFileSync(new URL("../../../decoder/picture.wasm", import.meta.url)));

function load<Form>(name: string): Form {
  return JSON.parse(readFileSync(new URL(name, folder), "utf8"));
}

const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, "base64"));
const sha256 = (data: Uint8Array | Uint8ClampedArray) => createHash("sha256").update(data).digest("hex");

describe("the recorded session", () => {
  test("has the meaning that it has in Rust, slice by slice", async () => {
    const picture = new Picture(module);
    for (const slice of session.slices) {
      const applied = picture.push(bytes(slice.slice));
      const { context, update, last, resized } = applied;
      expect({ context, update, last, resized, input: Number(applied.input) }).toEqual({
        context: slice.context,
        update: slice.update,
        last: slice.last,
        resized: slice.resized,
        input: slice.input,
      });
      expect(applied.touched.map(({ x, y, w, h }) => [x, y, w, h])).toEqual(slice.touched);
      expect(picture.size).toEqual({ width: slice.picture.width, height: slice.picture.height });
      expect(await picture.hash()).toBe(slice.picture.sha256);
      const shapes = [...picture.shapes].map(([id, { width, height, hotX, hotY, rgba }]) => {
        return { id, size: [width, height], hot: [hotX, hotY], rgba_sha256: sha256(rgba) };
      });
      expect(shapes).toEqual(slice.shapes);
      const stills = [...picture.stills].map(([id, { rect, image }]) => {
        return { id, rect: [rect.x, rect.y, rect.w, rect.h], image_sha256: sha256(image) };
      });
      expect(stills).toEqual(slice.stills);
    }
  });
});

/** The decoder's word for each sentence of the Rust twin. */
const WORDS: readonly [RegExp, string][] = [
  [/ends inside its header/, "header_truncated"],
  [/waiting for a reset/, "broken"],
  [/^zstd:/, "zstd"],
  [/were declared/, "length"],
  [/over the cap/, "plain_length"],
  [/carries nothing/, "empty"],
  [/unknown operation/, "operation"],
  [/ends early/, "operation_truncated"],
  [/outside the picture/, "outside"],
  [/a move behind/, "late_move"],
  [/draws too much/, "too_much_drawing"],
  [/cursor shape that cannot be/, "shape"],
  [/id 64 is out of bounds/, "id"],
  [/not a baseline image/, "image"],
  [/overlaps another/, "still"],
  [/a slice of context/, "context"],
  [/a slice of update/, "update"],
];

function defect(picture: Picture, slice: Uint8Array): string {
  try {
    picture.push(slice);
  } catch (error) {
    if (error instanceof PictureError) return error.defect;
    throw error;
  }
  return "none";
}

describe("hostile slices", () => {
  test.each(hostile.cases)("$name", ({ error, slices }) => {
    const picture = new Picture(module);
    const before = slices.slice(0, -1);
    for (const slice of before) expect(defect(picture, bytes(slice))).toBe("none");
    const word = WORDS.find(([sentence]) => sentence.test(error))?.[1];
    expect(defect(picture, bytes(slices.at(-1) ?? ""))).toBe(word);
  });

  test("after an error only a reset is taken, and it is judged as if nothing had been wrong", async () => {
    const picture = new Picture(module);
    const [first, second] = session.slices;
    const last = session.slices.at(-1);
    if (first === undefined || second === undefined || last === undefined) throw new TypeError("no slices");
    picture.push(bytes(first.slice));
    expect(defect(picture, new Uint8Array(3))).toBe("header_truncated");
    expect(defect(picture, bytes(second.slice))).toBe("broken");
    expect(defect(picture, bytes(first.slice)), "a context counts once").toBe("context");
    picture.push(bytes(last.slice));
    expect(await picture.hash()).toBe(last.picture.sha256);
  });

  test("a slice that no message could hold is refused before it is copied", () => {
    expect(defect(new Picture(module), new Uint8Array(300_000))).toBe("packed_length");
  });

  test("changed slices give an error or a picture, never a trap, and the next reset works", () => {
    const last = session.slices.at(-1);
    if (last === undefined) throw new TypeError("no slices");
    let seed = 1;
    const roll = (below: number) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    for (let round = 0; round < 60; round += 1) {
      const picture = new Picture(module, 22);
      for (const { slice } of session.slices.slice(0, -1)) {
        const damaged = bytes(slice);
        if (roll(3) === 0) damaged[roll(damaged.length)] = roll(256);
        defect(picture, damaged);
      }
      expect(["none", "context", "update"]).toContain(defect(picture, bytes(last.slice)));
    }
  });

  test("a window above what was announced is refused", () => {
    const first = session.slices[0];
    if (first === undefined) throw new TypeError("no slices");
    expect(defect(new Picture(module, 21), bytes(first.slice))).toBe("window");
  });
});
