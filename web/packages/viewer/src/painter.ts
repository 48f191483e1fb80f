// Puts the picture on a canvas: touched rectangles of the exact pixels, stills over them, the sharer's pointer over all. The
// canvas is never read back; the decoder's picture is the truth.

import type { CursorPlace } from "@handrail/protocol";
import type { Applied, CursorShape, Picture, Rect, Still } from "./picture.ts";

/** A still that is decoded, or on its way. */
interface Overlay {
  readonly still: Still;
  readonly bitmap: ImageBitmap | null;
}

interface Pointer {
  readonly rect: Rect;
  readonly image: OffscreenCanvas;
}

export class Painter {
  readonly #picture: Picture;
  readonly #overlays = new Map<number, Overlay>();
  readonly #shapes = new Map<number, OffscreenCanvas>();
  #canvas: OffscreenCanvas | null = null;
  #context: OffscreenCanvasRenderingContext2D | null = null;
  #touched: Rect[] = [];
  #changed = new Set<number>();
  #place: CursorPlace = { shape: 0, x: 0, y: 0 };
  #pointer: Pointer | null = null;
  #isOpen = false;
  #videoSize: { readonly width: number; readonly height: number } | null = null;

  constructor(picture: Picture) {
    this.#picture = picture;
  }

  /** Where to paint from now on. */
  attach(canvas: OffscreenCanvas): void {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { alpha: false });
    const { size } = this.#picture;
    if (size === null || this.#isOpen) return;
    this.#touched = [{ x: 0, y: 0, w: size.width, h: size.height }];
    this.#paint();
  }

  /** Size of what is painted; null before the first picture. */
  get size(): { readonly width: number; readonly height: number } | null {
    return this.#videoSize ?? this.#picture.size;
  }

  /** A picture of a video: all that there is to see (SPEC 7.8). */
  video(frame: VideoFrame): void {
    this.#videoSize = { width: frame.displayWidth, height: frame.displayHeight };
    if (this.#canvas === null || this.#context === null) return;
    const { width, height } = this.#videoSize;
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      [this.#canvas.width, this.#canvas.height] = [width, height];
    }
    this.#context.drawImage(frame, 0, 0);
  }

  /** A slice was applied: remembers what to paint. Nothing is shown before the update is whole. */
  collect(applied: Applied): void {
    this.#isOpen = !applied.last;
    if (applied.resized) {
      this.#touched = [];
      this.#changed.clear();
      this.#shapes.clear();
      for (const id of [...this.#overlays.keys()]) this.#drop(id);
    }
    this.#touched.push(...applied.touched);
    for (const id of applied.stills) this.#changed.add(id);
    for (const id of applied.shapes) this.#shapes.delete(id);
  }

  /** The update is whole: paints it. Settles when its stills are on the canvas as well. */
  async commit(): Promise<void> {
    const changed = [...this.#changed];
    this.#changed.clear();
    const decoding = changed.map((id) => this.#changeStill(id));
    this.#paint();
    await Promise.all(decoding);
  }

  /** The sharer's pointer is here now. Shapes go by their id plus one; 0 is invisible. */
  cursor(place: CursorPlace): void {
    this.#place = place;
    if (!this.#isOpen) this.#paint();
  }

  async #changeStill(id: number): Promise<void> {
    const still = this.#picture.stills.get(id);
    if (still === undefined) {
      this.#drop(id);
      return;
    }
    const before = this.#overlays.get(id);
    const stays = before !== undefined && same(before.still.rect, still.rect);
    if (!stays) this.#drop(id);
    this.#overlays.set(id, { still, bitmap: stays ? before.bitmap : null });
    const file = new Blob([still.image], { type: "image/jpeg" });
    // Data that cannot be decoded is no error: the exact pixels are shown there (SPEC 7.5).
    const bitmap = await createImageBitmap(file).catch(() => null);
    const current = this.#overlays.get(id);
    if (current === undefined || current.still !== still) {
      bitmap?.close();
      return;
    }
    current.bitmap?.close();
    this.#overlays.set(id, { still, bitmap });
    if (this.#isOpen) this.#touched.push(still.rect);
    else {
      this.#touched = [still.rect];
      this.#paint();
    }
  }

  #drop(id: number): void {
    this.#overlays.get(id)?.bitmap?.close();
    this.#overlays.delete(id);
  }

  #paint(): void {
    const { size } = this.#picture;
    if (size === null || this.#canvas === null || this.#context === null) {
      this.#touched = [];
      return;
    }
    if (this.#canvas.width !== size.width || this.#canvas.height !== size.height) {
      [this.#canvas.width, this.#canvas.height] = [size.width, size.height];
      this.#touched = [{ x: 0, y: 0, w: size.width, h: size.height }];
    }
    const next = this.#placePointer();
    if (this.#pointer !== null) this.#touched.push(this.#pointer.rect);
    const image = new ImageData(this.#picture.rgba, size.width, size.height);
    for (const { x, y, w, h } of this.#touched) this.#context.putImageData(image, 0, 0, x, y, w, h);
    this.#paintStills(this.#context, this.#touched);
    if (next !== null) this.#context.drawImage(next.image, next.rect.x, next.rect.y);
    this.#pointer = next;
    this.#touched = [];
  }

  #paintStills(context: OffscreenCanvasRenderingContext2D, touched: readonly Rect[]): void {
    for (const { still, bitmap } of this.#overlays.values()) {
      const { x, y, w, h } = still.rect;
      if (bitmap !== null && touched.some((rect) => overlap(rect, still.rect))) context.drawImage(bitmap, x, y, w, h);
    }
  }

  #placePointer(): Pointer | null {
    const { shape: number, x, y } = this.#place;
    const shape = this.#picture.shapes.get(number - 1);
    if (number === 0 || shape === undefined) return null;
    const image = this.#shapes.get(number - 1) ?? this.#draw(number - 1, shape);
    return { image, rect: { x: x - shape.hotX, y: y - shape.hotY, w: shape.width, h: shape.height } };
  }

  #draw(id: number, shape: CursorShape): OffscreenCanvas {
    const image = new OffscreenCanvas(shape.width, shape.height);
    image.getContext("2d")?.putImageData(new ImageData(shape.rgba, shape.width, shape.height), 0, 0);
    this.#shapes.set(id, image);
    return image;
  }
}

function same(one: Rect, other: Rect): boolean {
  return one.x === other.x && one.y === other.y && one.w === other.w && one.h === other.h;
}

function overlap(one: Rect, other: Rect): boolean {
  const across = one.x < other.x + other.w && other.x < one.x + one.w;
  return across && one.y < other.y + other.h && other.y < one.y + one.h;
}
