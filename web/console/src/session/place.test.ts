import { expect, test } from "vitest";
import { fitted, pixelAt, Turns } from "./place.ts";

const PICTURE = { width: 1920, height: 1080 };
const SHOWN = { left: 10, top: 20, width: 960, height: 540 } as DOMRectReadOnly;

test("a place is the pixel under it, and never outside the picture", () => {
  const at = (clientX: number, clientY: number) => pixelAt({ clientX, clientY }, SHOWN, PICTURE);
  expect(at(10, 20)).toEqual({ x: 0, y: 0 });
  expect(at(490.25, 290)).toEqual({ x: 960, y: 540 });
  expect(at(5000, -7)).toEqual({ x: 1919, y: 0 });
  expect(pixelAt({ clientX: 1, clientY: 1 }, { ...SHOWN, width: 0, height: 0 }, PICTURE)).toEqual({ x: 0, y: 0 });
});

test("a picture fits its room and is never made larger", () => {
  expect(fitted(PICTURE, { width: 960, height: 2000 })).toEqual({ width: 960, height: 540 });
  expect(fitted(PICTURE, { width: 5000, height: 540 })).toEqual({ width: 960, height: 540 });
  expect(fitted(PICTURE, { width: 5000, height: 5000 })).toEqual(PICTURE);
  expect(fitted(PICTURE, { width: 0, height: 0 })).toEqual({ width: 1, height: 1 });
});

test("a notch is 120, whether the browser counts pixels, lines or pages", () => {
  const turned = (deltaMode: number, deltaY: number) => new Turns().add({ deltaMode, deltaX: 0, deltaY }).dy;
  expect(turned(0, 100)).toBe(120);
  expect(turned(1, 3)).toBe(120);
  expect(turned(2, -1)).toBe(-120);
});

test("small turns add up, and nothing of them is lost", () => {
  const turns = new Turns();
  const sum = Array.from({ length: 100 }, () => turns.add({ deltaMode: 0, deltaX: -0.5, deltaY: 0.25 }));
  expect(sum.reduce((all, { dy }) => all + dy, 0)).toBe(30);
  expect(sum.reduce((all, { dx }) => all + dx, 0)).toBe(-60);
});
