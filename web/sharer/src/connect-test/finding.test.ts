import { describe, expect, test } from "vitest";
import { ofClock, ofDecoders, ofSharing, ofSocket, ofTransport, worst } from "./finding.ts";

describe("what a step found", () => {
  test("of a WebSocket: the time, or how it ended", () => {
    expect(ofSocket({ milliseconds: 12.34 })).toEqual({ state: "good", code: "socket", value: "12.3" });
    expect(ofSocket("refused")).toMatchObject({ state: "bad", code: "socketRefused" });
    expect(ofSocket("silent")).toMatchObject({ state: "bad", code: "socketSilent" });
  });

  test("of WebTransport: where it does not stand, WebSocket does", () => {
    expect(ofTransport({ milliseconds: 9.6 })).toEqual({ state: "good", code: "transport", value: "10" });
    expect(ofTransport("missing")).toMatchObject({ state: "look", code: "noTransport" });
    expect(ofTransport("silent")).toMatchObject({ state: "look", code: "transportSilent" });
    expect(ofTransport("refused")).toMatchObject({ state: "look", code: "transportRefused" });
  });

  test("of a browser: what it lacks is no failure, because a native client may have it", () => {
    expect(ofDecoders(["VP9", "VP8"])).toMatchObject({ state: "good", code: "seesAll", value: "VP9, VP8" });
    expect(ofDecoders(["VP8"])).toMatchObject({ state: "look", code: "seesSome" });
    expect(ofDecoders([])).toMatchObject({ state: "look", code: "seesNone" });
    expect(ofSharing(true, ["VP8"])).toMatchObject({ state: "good", code: "shares", value: "VP8" });
    expect(ofSharing(true, [])).toMatchObject({ state: "look", code: "noEncoder" });
    expect(ofSharing(false, ["VP9"])).toMatchObject({ state: "look", code: "noCapture" });
  });

  test("of the clock: half a minute is allowed, in both directions", () => {
    expect(ofClock(100_000, 100_000, 100_200)).toEqual({ state: "good", code: "clock", value: "0.1" });
    expect(ofClock(100_000, 130_000, 130_000)).toMatchObject({ state: "good" });
    expect(ofClock(100_000, 131_000, 131_000)).toMatchObject({ state: "bad", code: "clockOff", value: "31.0" });
    expect(ofClock(100_000, 60_000, 60_000)).toMatchObject({ state: "bad", value: "40.0" });
    expect(ofClock(null, 0, 0)).toMatchObject({ state: "look", code: "clockUnknown" });
  });

  test("the worst of all counts", () => {
    const of = (...states: readonly ("good" | "look" | "bad")[]) =>
      worst(states.map((state) => ({ state, code: "broken", value: "" })));
    expect(of("good", "good")).toBe("good");
    expect(of("good", "look")).toBe("look");
    expect(of("look", "bad", "good")).toBe("bad");
  });
});
