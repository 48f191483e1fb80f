// The messages inside sealed records, held to the vectors.

import { describe, expect, test } from "vitest";
import { toHex, utf8 } from "./bytes.ts";
import { channelOf } from "./channel.ts";
import { decodeLine, encodeLine, MAX_LINE } from "./chat.ts";
import { drawSecret, parseCode } from "./code.ts";
import { decodeControl, encodeControl } from "./control.ts";
import { decodeCursor, decodeLaser, encodeCursor, encodeLaser } from "./cursor.ts";
import { decodeInput, encodeInput } from "./input.ts";
import { decodePlaces, encodePlaces } from "./places.ts";
import { text } from "./reader.ts";
import { Vector } from "./testing/vectors.ts";

function refuses(file: string, list: string, decode: (bytes: Uint8Array) => unknown): void {
  test.each(Vector.file(file).at(list).list())(`${file} refuses`, (vector) => {
    expect(() => decode(vector.at("bytes").hex())).toThrow(vector.at("reason").text());
  });
}

describe("input", () => {
  test.each(Vector.file("input").at("messages").list())("keeps its bytes", (vector) => {
    const input = decodeInput(vector.at("bytes").hex());
    expect(input.first).toBe(vector.at("first").number());
    expect(input.clockMs).toBe(vector.at("clock_ms").number());
    expect(input.events).toEqual(vector.at("events").value);
    expect(toHex(encodeInput(input))).toBe(vector.at("bytes").text());
  });
  test.each(Vector.file("input").at("refused").list())("is refused", (vector) => {
    expect(() => decodeInput(vector.at("bytes").hex())).toThrow();
  });
});

describe("chat", () => {
  test.each(Vector.file("chat").at("messages").list())("keeps its bytes", (vector) => {
    const line = decodeLine(vector.at("bytes").hex());
    const [id, author] = [vector.at("id").number(), vector.at("author").value];
    expect(line).toEqual({ id, author, text: vector.at("text").text() });
    expect(toHex(encodeLine(line) ?? utf8(""))).toBe(vector.at("bytes").text());
  });
  refuses("chat", "refused", decodeLine);
  test("is bounded", () => {
    const longest = (length: number) => new Uint8Array(5 + length).fill(0x78, 5);
    expect(encodeLine({ id: 1, author: null, text: "x".repeat(MAX_LINE + 1) })).toBeNull();
    expect(() => decodeLine(longest(MAX_LINE + 1))).toThrow();
    expect(decodeLine(longest(MAX_LINE)).text.length).toBe(MAX_LINE);
  });
});

describe("pointers", () => {
  test.each(Vector.file("cursor").at("cursor").list())("the cursor keeps its bytes", (vector) => {
    const place = decodeCursor(vector.at("bytes").hex());
    expect({ bytes: toHex(encodeCursor(place)), ...place }).toEqual(vector.value);
  });
  test.each(Vector.file("cursor").at("pointer").list())("the laser keeps its bytes", (vector) => {
    const place = decodeLaser(vector.at("bytes").hex());
    expect({ bytes: toHex(encodeLaser(place)), ...place }).toEqual(vector.value);
  });
  refuses("cursor", "cursor_refused", decodeCursor);
  refuses("cursor", "pointer_refused", decodeLaser);
});

describe("places", () => {
  test.each(Vector.file("places").at("messages").list())("keep their bytes", (vector) => {
    const places = decodePlaces(vector.at("bytes").hex());
    const { resume } = places;
    expect(typeof resume === "object" ? "change" : resume).toBe(vector.at("resume").text());
    expect(typeof resume === "object" ? resume.round : null).toBe(vector.at("round").value);
    expect([...places.next].map(([channel, next]) => [channel, String(next)])).toEqual(vector.at("next").value);
    expect(toHex(encodePlaces(places))).toBe(vector.at("bytes").text());
  });
  refuses("places", "refused", decodePlaces);
});

describe("control", () => {
  const vectors = Vector.file("control");
  test.each(vectors.at("messages").list())("keeps its text", (vector) => {
    expect(text(encodeControl(decodeControl(utf8(vector.text()))))).toBe(vector.text());
  });
  test.each(vectors.at("refused").list())("is refused", (vector) => {
    expect(() => decodeControl(utf8(vector.text()))).toThrow();
  });
  test("monitors are bounded", () => {
    const output = { id: 1, name: "HDMI-1", x: 1920, y: 0, width: 1920, height: 1080, primary: true };
    const message = (count: number, name: string) =>
      encodeControl({ type: "outputs", outputs: Array(count).fill({ ...output, name }), shown: null });
    expect(decodeControl(message(16, "n".repeat(64)))).toMatchObject({ shown: null });
    expect(() => decodeControl(message(17, "n"))).toThrow();
    expect(() => decodeControl(message(1, "n".repeat(65)))).toThrow();
  });
});

describe("codes", () => {
  const vectors = Vector.file("code");
  test.each(vectors.at("codes").list())("are read as people type them", (vector) => {
    const digits = parseCode(vector.at("typed").text());
    expect(digits).toBe(vector.at("digits").text());
    expect(digits.slice(0, 3)).toBe(vector.at("routing").text());
  });
  test.each(vectors.at("refused").list())("are refused with a reason", (vector) => {
    expect(() => parseCode(vector.at("typed").text())).toThrow(vector.at("error").text());
  });
  test("the secret is fair: what is beyond the last whole round is drawn again", () => {
    const draws = [0xffff_ffff, 7];
    expect(drawSecret(() => draws.shift() ?? 0)).toBe("00007");
  });
});

test("a number beyond the last channel is none", () => {
  expect([channelOf(11), channelOf(12)]).toEqual([11, null]);
});
