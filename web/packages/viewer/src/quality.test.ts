import { expect, test } from "vitest";
import { Quality } from "./quality.ts";

function way(roundTrip: number | null) {
  return { kind: "wss", instead: "silent", roundTrip } as const;
}

test("figures are of the last seconds, and say why they are bad", () => {
  const quality = new Quality();
  expect(quality.shown(0, way(null))).toMatchObject({
    grade: "unknown",
    inputToPhotonP50Ms: null,
    updatesPerSecond: 0,
  });
  for (let at = 1; at <= 100; at += 1) {
    quality.painted(at * 50, 1000, 1);
    quality.latency(at);
  }
  expect(quality.shown(5000, way(20))).toMatchObject({
    ...{ grade: "good", why: null, inputToPhotonP50Ms: 50, inputToPhotonP95Ms: 95 },
    ...{ updatesPerSecond: 20, kilobitsPerSecond: 160 },
  });
  expect(quality.shown(20_000, way(20))).toMatchObject({ updatesPerSecond: 0, kilobitsPerSecond: 0 });
  expect(quality.shown(20_000, way(500))).toMatchObject({ grade: "poor", why: "latency" });
  quality.expects(20_000);
  expect(quality.shown(22_500, way(20))).toMatchObject({ grade: "poor", why: "stalled" });
  quality.painted(22_500, 10, 200);
  expect(quality.shown(22_600, way(20))).toMatchObject({ grade: "poor", why: "decoding", stalls: 1 });
});
