import {
  type Bytes,
  decodeFrame,
  encodeFrame,
  encodeMessage,
  type Frame,
  parseToRelay,
  utf8,
} from "@handrail/protocol";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Line } from "./line.ts";
import type { Heard, Kind, Socket } from "./socket.ts";

const KEY = "5c".repeat(32);

class FakeSocket implements Socket {
  bufferedAmount = 0;
  kind: Kind = "wss";

  sent: Frame[] = [];
  constructor(
    readonly heard: Heard,
    readonly hasHeadStart: boolean,
  ) {}

  /** The code that it was closed with, or that there was none. */
  closed: number | "plain" | null = null;

  send(bytes: Bytes): void {
    this.sent.push(decodeFrame(bytes));
  }

  close(code?: number): void {
    this.closed = code ?? "plain";
  }

  receive(frame: Frame): void {
    this.heard.message(encodeFrame(frame).buffer);
  }

  open(): void {
    this.heard.opened(this.kind, null);
  }

  breaks(wasClean: boolean): void {
    this.heard.closed(wasClean);
  }

  /** What was sent and is no keep-alive. */
  get said(): Frame[] {
    return this.sent.filter(({ kind }) => kind !== "ping" && kind !== "pong" && kind !== "heard");
  }
}

const message = (text: string): Frame => ({ kind: "message", text: utf8(text) });
const resumed = (heard: number): Frame => ({ kind: "message", text: encodeMessage({ type: "resumed", heard }) });

function start(kind: Kind = "wss") {
  const sockets: FakeSocket[] = [];
  const told: string[] = [];
  const line = new Line(
    (hasHeadStart) => (heard) => {
      const socket = new FakeSocket(heard, hasHeadStart);
      sockets.push(socket);
      return socket;
    },
    {
      opened: () => told.push("opened"),
      frame: ({ kind }) => told.push(kind),
      away: () => told.push("away"),
      back: () => told.push("back"),
      lost: (why) => told.push(`lost: ${why}`),
    },
    () => Date.now(),
  );
  const socket = (number: number): FakeSocket => {
    const found = sockets[number];
    if (found === undefined) throw new RangeError(`only ${sockets.length} dials`);
    return found;
  };
  socket(0).kind = kind;
  socket(0).open();
  line.welcomed(KEY, 60);
  return { line, told, sockets, socket };
}

describe("a line", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("goes on upon another socket with whatever was not heard", () => {
    const { line, told, socket } = start();
    line.send(message("one"));
    line.send(message("two"));
    socket(0).receive(message("a"));
    socket(0).receive({ kind: "heard", count: 1n });
    socket(0).breaks(false);
    expect(told).toEqual(["opened", "message", "away"]);
    line.send(message("three"));
    line.sendBytes(encodeFrame({ kind: "credit", pair: 0, channel: 4, round: 0, limit: 1n }), 0);
    socket(1).open();
    const first = socket(1).said[0];
    expect(first?.kind === "message" && parseToRelay(first.text)).toEqual({ type: "resume", line: KEY, heard: 1 });
    socket(1).receive(resumed(1));
    expect(told.at(-1)).toBe("back");
    expect(socket(1).said.slice(1)).toEqual([message("two"), message("three")]);
    socket(0).receive(message("late"));
    expect(told.at(-1), "nothing comes from the socket before").toBe("back");
  });

  test("dials a second socket in doubt, and keeps the first one if it was not lost", () => {
    const { told, sockets, socket } = start();
    vi.advanceTimersByTime(500 + 600 - 1);
    expect(sockets.length).toBe(1);
    vi.advanceTimersByTime(101);
    expect(sockets.length).toBe(2);
    socket(0).receive({ kind: "ping", number: 1n });
    socket(1).open();
    expect([socket(1).said, socket(1).closed, told]).toEqual([[], 4000, ["opened"]]);
    vi.advanceTimersByTime(1300);
    socket(2).open();
    expect(told).toEqual(["opened", "away"]);
    expect(socket(0).closed, "the relay must not believe that the program ended").toBeNull();
    socket(2).receive(resumed(0));
    expect([told.at(-1), socket(0).closed]).toEqual(["back", 4000]);
  });

  test("waits for UDP no more once that was lost", () => {
    const { socket } = start("webtransport");
    expect(socket(0).hasHeadStart).toBe(true);
    socket(0).breaks(false);
    expect(socket(1).hasHeadStart).toBe(false);
  });

  test("tries again, and gives up when the relay has", () => {
    const { told, sockets, socket } = start();
    socket(0).breaks(false);
    for (let number = 1; number < 6; number += 1) {
      socket(number).breaks(false);
      vi.advanceTimersByTime(2100);
    }
    expect(sockets.length).toBeGreaterThan(5);
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual(["opened", "away", "lost: silent"]);
    const dials = sockets.length;
    vi.advanceTimersByTime(60_000);
    expect(sockets.length).toBe(dials);
  });

  test.each([
    ["closes in an orderly way", (socket: FakeSocket) => socket.breaks(true), "closed"],
    [
      "claims to have heard what was never sent",
      (socket: FakeSocket) => socket.receive({ kind: "heard", count: 9n }),
      "protocol",
    ],
  ])("is over when the relay %s", (_, happens, why) => {
    const { told, sockets, socket } = start();
    happens(socket(0));
    expect([told, sockets.length]).toEqual([["opened", `lost: ${why}`], 1]);
  });

  test("is over when the relay does not know it any more", () => {
    const { told, socket } = start();
    socket(0).breaks(false);
    socket(1).open();
    const text = encodeMessage({ type: "refused", fault: "RH-1503", text: "" });
    socket(1).receive({ kind: "message", text });
    expect(told).toEqual(["opened", "away", "lost: silent"]);
  });

  test("says what arrived after every eighth message, and soon after the last", () => {
    const { socket } = start();
    const counts = () => socket(0).sent.flatMap((frame) => (frame.kind === "heard" ? [frame.count] : []));
    for (let number = 0; number < 9; number += 1) socket(0).receive(message("x"));
    expect(counts()).toEqual([8n]);
    vi.advanceTimersByTime(100);
    expect(counts()).toEqual([8n, 9n]);
  });

  test("that never was is not dialled again", () => {
    const told: string[] = [];
    const sockets: FakeSocket[] = [];
    const listener = { opened() {}, frame() {}, away() {}, back() {}, lost: (why: string) => told.push(why) };
    const dial = () => (heard: Heard) => {
      const socket = new FakeSocket(heard, true);
      sockets.push(socket);
      return socket;
    };
    new Line(dial, listener, () => Date.now());
    sockets[0]?.breaks(false);
    expect([told, sockets.length]).toEqual([["broken"], 1]);
  });
});
