import { describe, expect, test } from "vitest";
import { equal, toHex } from "./bytes.ts";
import { Vector } from "./testing/vectors.ts";
import { CODECS, decodePart, encodePart, encodeVideo, isVideo, MAX_PART, VideoError, VideoFrames } from "./video.ts";

const vector = Vector.file("video");
const named = (list: string) =>
  vector
    .at(list)
    .list()
    .map((one): [string, Vector] => [one.at("name").text(), one]);

describe("video of a browser", () => {
  test("parts mean what Rust says, and are written back as they were", () => {
    for (const one of vector.at("parts").list()) {
      const message = one.at("bytes").hex();
      const { bytes, codec, ...part } = decodePart(message);
      const told = { ...part, codec: CODECS[codec], rest: toHex(bytes), bytes: toHex(message) };
      expect(told).toEqual(one.value);
      expect(isVideo(message)).toBe(true);
      expect(toHex(encodePart({ ...part, codec, bytes }))).toBe(toHex(message));
    }
  });

  test.each(named("refused"))("%s: is refused", (_, one) => {
    expect(ruleOf(() => decodePart(one.at("bytes").hex()))).toBe(one.at("rule").text());
  });

  test.each(named("streams"))("%s", (_, one) => {
    const frames = new VideoFrames();
    for (const step of one.at("steps").list()) {
      expect(outcome(frames, step.at("part").hex())).toEqual(step.at("outcome").value);
    }
  });

  test("a large frame travels in parts", () => {
    const large = Uint8Array.from({ length: 2 * MAX_PART + 5 }, (_, at) => at % 251);
    const head = { frame: 1, key: true, codec: "vp9", width: 640, height: 480 } as const;
    const messages = encodeVideo({ ...head, bytes: large });
    expect(messages.map(({ length }) => length)).toEqual([MAX_PART + 14, MAX_PART + 14, 19]);
    const frames = new VideoFrames();
    const [first, second, whole] = messages.map((message) => frames.push(message));
    expect([first, second]).toEqual([null, null]);
    expect({ ...whole, bytes: null }).toEqual({ ...head, bytes: null });
    expect(equal(whole?.bytes ?? new Uint8Array(0), large)).toBe(true);
    const over = encodePart({ ...head, bytes: large.subarray(0, MAX_PART + 1), last: true });
    expect(ruleOf(() => decodePart(over))).toBe("part");
  });

  test("a frame is bounded", () => {
    const head = { key: true, codec: "vp8", width: 640, height: 480, last: false } as const;
    const part = encodePart({ ...head, frame: 1, bytes: new Uint8Array(MAX_PART) });
    const frames = new VideoFrames();
    for (let count = 0; count < 16; count += 1) expect(frames.push(part)).toBeNull();
    expect(ruleOf(() => frames.push(part))).toBe("frame");
  });
});

function outcome(frames: VideoFrames, message: Uint8Array): unknown {
  try {
    const frame = frames.push(message);
    return frame === null ? "wait" : { ...frame, codec: CODECS[frame.codec], bytes: toHex(frame.bytes) };
  } catch (error) {
    return { rule: error instanceof VideoError ? error.rule : String(error) };
  }
}

function ruleOf(read: () => unknown): string {
  try {
    read();
    return "none";
  } catch (error) {
    return error instanceof VideoError ? error.rule : String(error);
  }
}
