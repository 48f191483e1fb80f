import { type Bytes, Channel, decodeFrame, encodeFrame, type Frame, MAX_FRAME } from "@handrail/protocol";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Carrier } from "./carrier.ts";
import type { Heard, Socket } from "./socket.ts";

class FakeSocket implements Socket {
  bufferedAmount = 0;
  heard: Heard | null = null;
  readonly sent: Frame[] = [];
  isClosed = false;
  isSlow = false;

  send(bytes: Bytes): void {
    this.sent.push(decodeFrame(bytes));
    if (this.isSlow) this.bufferedAmount += 70_000;
  }

  close(): void {
    this.isClosed = true;
  }

  receive(data: unknown): void {
    this.heard?.message(data);
  }
}

function start() {
  const socket = new FakeSocket();
  const frames: Frame[] = [];
  const lost: string[] = [];
  const listener = {
    opened: () => {},
    frame: (frame: Frame) => frames.push(frame),
    lost: (why: string) => lost.push(why),
  };
  const dial = (heard: Heard) => {
    socket.heard = heard;
    return socket;
  };
  const carrier = new Carrier(dial, listener, () => Date.now());
  return { socket, frames, lost, carrier };
}

const sealed = (channel: Channel, counter: bigint): Frame => {
  const clear = Uint8Array.of(0x10, 0, channel, 1, Number(counter), 0, 0);
  return { kind: "sealed", header: { pair: 0, channel, generation: 1, counter }, clear, sealed: new Uint8Array(0) };
};

describe("a carrier", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("answers pings, and learns the round trip from its own", () => {
    const { socket, carrier } = start();
    socket.heard?.opened("wss", null);
    socket.receive(encodeFrame({ kind: "ping", number: 9n }).buffer);
    expect(socket.sent).toEqual([{ kind: "pong", number: 9n }]);
    vi.advanceTimersByTime(500);
    expect(socket.sent.at(-1)).toEqual({ kind: "ping", number: 1n });
    vi.advanceTimersByTime(40);
    socket.receive(encodeFrame({ kind: "pong", number: 1n }).buffer);
    expect(carrier.roundTrip).toBe(40);
  });

  test("takes a silent relay for gone after 9 s, also while it dials", () => {
    const { socket, lost } = start();
    vi.advanceTimersByTime(8999);
    expect(lost).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(lost).toEqual(["silent"]);
    expect(socket.isClosed).toBe(true);
    vi.advanceTimersByTime(60_000);
    expect(lost).toEqual(["silent"]);
  });

  test.each([
    ["text", "hello"],
    ["a frame too long", new ArrayBuffer(MAX_FRAME + 1)],
    ["no frame", Uint8Array.of(0x99).buffer],
  ])("%s ends it", (_, data) => {
    const { socket, lost, frames } = start();
    socket.heard?.opened("wss", null);
    socket.receive(data);
    expect([lost, frames]).toEqual([["protocol"], []]);
  });

  test("keeps little data in the browser and sends by priority", () => {
    const { socket, carrier } = start();
    for (const [channel, counter] of [
      [Channel.Chat, 0n],
      [Channel.Input, 0n],
      [Channel.Input, 1n],
    ] as const) {
      carrier.send(sealed(channel, counter));
    }
    expect(socket.sent, "nothing leaves before it is open").toEqual([]);
    socket.isSlow = true;
    socket.heard?.opened("wss", null);
    expect(socket.sent).toEqual([sealed(Channel.Input, 0n)]);
    carrier.send({ kind: "message", text: new Uint8Array(0) });
    for (let at = 0; at < 3; at += 1) {
      socket.bufferedAmount = 0;
      vi.advanceTimersByTime(4);
    }
    const order = socket.sent.slice(1).map((frame) => (frame.kind === "sealed" ? frame.header.channel : frame.kind));
    expect(order).toEqual(["message", Channel.Input, Channel.Chat]);
  });
});
