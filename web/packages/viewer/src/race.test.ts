import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Race } from "./race.ts";
import type { Dial, Heard, Socket } from "./socket.ts";

class FakeSocket implements Socket {
  bufferedAmount = 0;
  readonly sent: Uint8Array[] = [];
  closed: number | "plain" | null = null;
  heard: Heard | null = null;

  readonly dial: Dial = (heard) => {
    this.heard = heard;
    return this;
  };

  send(bytes: Uint8Array): void {
    this.sent.push(bytes);
  }

  close(code?: number): void {
    this.closed = code ?? "plain";
  }

  opens(): void {
    this.heard?.opened("wss", null);
  }
}

function start(fast: FakeSocket | null = new FakeSocket(), headStart = 300) {
  const slow = new FakeSocket();
  const told: unknown[] = [];
  const race = new Race(fast?.dial ?? null, slow.dial, headStart, {
    opened: (...how) => told.push(how),
    message: (data) => told.push(data),
    closed: (isOrderly) => told.push(isOrderly),
  });
  return { fast: fast ?? new FakeSocket(), slow, told, race };
}

describe("a race", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("takes WebTransport within its head start, and leaves the other", () => {
    const { fast, slow, told, race } = start();
    slow.opens();
    vi.advanceTimersByTime(299);
    expect(told).toEqual([]);
    fast.opens();
    expect([told, slow.closed]).toEqual([[["webtransport", null]], 4000]);
    fast.heard?.message("a");
    slow.heard?.message("b");
    slow.heard?.closed(true);
    expect(told).toEqual([["webtransport", null], "a"]);
    race.send(Uint8Array.of(1));
    race.close();
    expect([fast.sent.length, fast.closed, slow.sent]).toEqual([1, "plain", []]);
  });

  test("takes WebSocket when nothing answered by UDP in time", () => {
    const { fast, slow, told } = start();
    slow.opens();
    vi.advanceTimersByTime(300);
    expect([told, fast.closed]).toEqual([[["wss", "silent"]], 4000]);
    fast.opens();
    expect(told.length).toBe(1);
  });

  test("takes a WebSocket that stands after the head start at once", () => {
    const { slow, told } = start();
    vi.advanceTimersByTime(1000);
    slow.opens();
    expect(told).toEqual([["wss", "silent"]]);
  });

  test("takes the first one without a head start", () => {
    const { slow, told } = start(new FakeSocket(), 0);
    vi.advanceTimersByTime(0);
    slow.opens();
    expect(told).toEqual([["wss", "silent"]]);
  });

  test.each([true, false])("takes WebSocket at once when WebTransport is refused (stands already: %s)", (stands) => {
    const { fast, slow, told } = start();
    if (stands) slow.opens();
    fast.heard?.closed(false);
    if (!stands) slow.opens();
    expect(told).toEqual([["wss", "refused"]]);
  });

  test("takes WebSocket at once in a browser that has nothing else", () => {
    const { slow, told } = start(null);
    slow.opens();
    expect(told).toEqual([["wss", "missing"]]);
  });

  test("is lost when nothing stands, or what stood is closed", () => {
    const none = start();
    none.slow.heard?.closed(false);
    expect(none.told).toEqual([]);
    none.fast.heard?.closed(false);
    expect(none.told).toEqual([false]);

    const one = start();
    one.fast.opens();
    one.fast.heard?.closed(true);
    expect(one.told).toEqual([["webtransport", null], true]);
  });

  test("that is left leaves both", () => {
    const { fast, slow, race, told } = start();
    race.close(4000);
    expect([fast.closed, slow.closed]).toEqual([4000, 4000]);
    fast.opens();
    vi.advanceTimersByTime(1000);
    slow.opens();
    expect(told).toEqual([]);
  });
});
