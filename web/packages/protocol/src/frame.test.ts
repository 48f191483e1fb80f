import { describe, expect, test } from "vitest";
import { toHex, utf8 } from "./bytes.ts";
import { decodeFrame, encodeFrame, type Frame } from "./frame.ts";
import { text } from "./reader.ts";
import { Vector } from "./testing/vectors.ts";

const vectors = Vector.file("wire");

function describeFrame(frame: Frame): unknown {
  switch (frame.kind) {
    case "sealed": {
      const { pair, channel, generation, counter } = frame.header;
      const parts = { clear: toHex(frame.clear), sealed: toHex(frame.sealed) };
      return { kind: "sealed", pair, channel, generation, counter: String(counter), ...parts };
    }
    case "credit":
      return { ...frame, limit: String(frame.limit) };
    case "message":
      return { kind: "message", text: text(frame.text) };
    case "ping":
    case "pong":
      return { kind: frame.kind, number: String(frame.number) };
    case "heard":
      return { kind: frame.kind, count: String(frame.count) };
  }
}

describe("frames", () => {
  test.each(vectors.at("frames").list())("keep their bytes and meaning", (vector) => {
    const frame = decodeFrame(vector.at("bytes").hex());
    expect(describeFrame(frame)).toEqual(vector.at("meaning").value);
    expect(toHex(encodeFrame(frame))).toBe(vector.at("bytes").text());
  });

  test.each(vectors.at("refused").list())("are refused for their reason", (vector) => {
    const start = vector.at("bytes").hex();
    const length = vector.at("length").value;
    const bytes = new Uint8Array(typeof length === "number" ? length : start.length);
    bytes.set(start);
    expect(() => decodeFrame(bytes)).toThrow(
      vector.at("name").text().includes("too long") ? /bytes/ : vector.at("reason").text(),
    );
  });

  test("a frame that is a part of a larger buffer is read from its own start", () => {
    const whole = new Uint8Array([...utf8("xx"), 0x12, ...utf8("{}")]);
    const frame = decodeFrame(whole.subarray(2));
    expect(frame.kind === "message" && text(frame.text)).toBe("{}");
  });
});
