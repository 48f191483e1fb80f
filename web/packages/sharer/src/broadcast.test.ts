import type { VideoFrameBytes } from "@handrail/protocol";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Broadcast } from "./broadcast.ts";
import { sizeOf } from "./coder.ts";
import { Pace } from "./pace.ts";

/** A picture that knows whether it was closed. */
class Picture {
  static open = 0;

  constructor(readonly name: string) {
    Picture.open += 1;
  }

  clone(): Picture {
    return new Picture(this.name);
  }

  close(): void {
    Picture.open -= 1;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  Picture.open = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

function stage() {
  const audience = { isOpen: true, needsKey: true, show: vi.fn(), rest: vi.fn() };
  const coded: [string, boolean][] = [];
  const coder = {
    waiting: 0,
    code: (picture: Picture, key: boolean) => {
      coded.push([picture.name, key]);
      picture.close();
      if (key) audience.needsKey = false;
    },
  };
  return { audience, coded, coder, broadcast: new Broadcast<Picture>(audience, coder) };
}

function frame(number: number): VideoFrameBytes {
  return { frame: number, key: false, codec: "vp9", width: 2, height: 2, bytes: new Uint8Array(1) };
}

describe("a broadcast", () => {
  test("codes the newest picture, and only when somebody takes it", () => {
    const { audience, coded, broadcast } = stage();
    audience.isOpen = false;
    for (const name of ["a", "b", "c"]) broadcast.take(new Picture(name));
    expect(coded).toEqual([]);
    audience.isOpen = true;
    broadcast.wake();
    broadcast.wake();
    expect(coded).toEqual([["c", true]]);
    expect(Picture.open, "the newest is kept for whoever comes").toBe(1);
  });

  test("waits for the coder, and repeats the last picture for who needs a key", () => {
    const { audience, coded, coder, broadcast } = stage();
    coder.waiting = 1;
    broadcast.take(new Picture("a"));
    expect(coded).toEqual([]);
    coder.waiting = 0;
    broadcast.coded(frame(1));
    expect(audience.show).toHaveBeenCalledOnce();
    audience.needsKey = true;
    broadcast.wake();
    expect(coded).toEqual([
      ["a", true],
      ["a", true],
    ]);
  });

  test("makes a screen that rests sharp, then says that it rests, and stops", () => {
    const { audience, coded, broadcast } = stage();
    broadcast.take(new Picture("a"));
    broadcast.coded(frame(1));
    vi.advanceTimersByTime(5000);
    expect(coded).toHaveLength(5);
    expect(coded.slice(1).every(([, key]) => !key)).toBe(true);
    expect(audience.rest.mock.calls).toEqual([[1]]);
    broadcast.take(new Picture("b"));
    vi.advanceTimersByTime(5000);
    expect(audience.rest).toHaveBeenCalledTimes(2);
    broadcast.stop();
    expect(Picture.open).toBe(0);
    vi.advanceTimersByTime(5000);
    expect(audience.rest).toHaveBeenCalledTimes(2);
  });
});

test("a picture has even sides, and is not too large", () => {
  expect(sizeOf({ width: 1281, height: 799 })).toEqual({ width: 1280, height: 798 });
  expect(sizeOf({ width: 1, height: 1 })).toEqual({ width: 2, height: 2 });
  const { width, height } = sizeOf({ width: 3840, height: 2160 });
  expect(width * height).toBeLessThanOrEqual(2560 * 1600);
  expect(width / height).toBeCloseTo(16 / 9, 2);
});

test("a long path has more frames under way than a short one, and a queue shrinks it", () => {
  const pace = new Pace();
  pace.sent(1n, 0);
  pace.acknowledged(1n, 300);
  let underWay = 0;
  for (; pace.isOpen; underWay += 1) pace.sent(2n, 300);
  expect(underWay).toBe(12);
  pace.acknowledged(2n, 2000);
  for (let at = 0; at < 40; at += 1) {
    pace.sent(3n, 0);
    pace.acknowledged(3n, 2000);
  }
  pace.sent(4n, 0);
  pace.sent(4n, 0);
  expect(pace.isOpen).toBe(false);
  pace.restart();
  expect(pace.isOpen).toBe(true);
});
