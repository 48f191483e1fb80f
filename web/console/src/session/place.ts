// Where a pointer is on the picture, and how far a wheel was turned.

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The pixel of the picture under a place of the page. */
export function pixelAt(
  place: { readonly clientX: number; readonly clientY: number },
  shown: DOMRectReadOnly,
  picture: Size,
) {
  return {
    x: scaled(place.clientX - shown.left, shown.width, picture.width),
    y: scaled(place.clientY - shown.top, shown.height, picture.height),
  };
}

function scaled(offset: number, from: number, to: number): number {
  if (from <= 0) return 0;
  return Math.min(to - 1, Math.max(0, Math.floor((offset * to) / from)));
}

/** The largest size with the picture's shape that fits; never larger than the picture. */
export function fitted(picture: Size, room: Size): Size {
  const scale = Math.min(1, room.width / picture.width, room.height / picture.height);
  return {
    width: Math.max(1, Math.floor(picture.width * scale)),
    height: Math.max(1, Math.floor(picture.height * scale)),
  };
}

/** 1200ths of a notch for one unit of each `WheelEvent.deltaMode`: browsers give a notch as 100 pixels or 3 lines; a page is a notch. */
const UNIT = [12, 400, 1200] as const;

/** Gathers turns of the wheel: what is less than a 120th waits for the next. */
export class Turns {
  #x = 0;
  #y = 0;

  add(event: Pick<WheelEvent, "deltaX" | "deltaY" | "deltaMode">): { readonly dx: number; readonly dy: number } {
    const unit = UNIT[event.deltaMode] ?? 10;
    const [x, y] = [this.#x + event.deltaX * unit, this.#y + event.deltaY * unit];
    const [dx, dy] = [Math.trunc(x / 10), Math.trunc(y / 10)];
    [this.#x, this.#y] = [x - dx * 10, y - dy * 10];
    return { dx, dy };
  }
}
