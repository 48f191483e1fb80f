import { type Bytes, Channel } from "@handrail/protocol";
import { describe, expect, test, vi } from "vitest";
import { Session } from "./web-transport.ts";

/** One direction of a stream, as the browser hands it out and as the relay sees it. */
function pipe() {
  return new TransformStream<Bytes, Bytes>(undefined, { highWaterMark: 64 }, { highWaterMark: 64 });
}

/** The relay's side of a session of WebTransport, real streams in between. */
class FakeTransport {
  readonly up = pipe();
  readonly down = pipe();
  readonly places = pipe();
  readonly placesBack = pipe();
  readonly opened: { order: number; stream: TransformStream<Bytes, Bytes> }[] = [];
  readonly incoming = new TransformStream<ReadableStream<Bytes>, ReadableStream<Bytes>>();
  readonly ready = Promise.resolve();
  readonly incomingUnidirectionalStreams = this.incoming.readable;
  readonly datagrams = {
    writable: this.places.writable,
    readable: this.placesBack.readable,
    maxDatagramSize: 1200,
  };
  closedWith: number | null = null;
  end: (how: { closeCode: number }) => void = () => {};
  fail: (why: Error) => void = () => {};
  readonly closed = new Promise<{ closeCode: number }>((resolve, reject) => {
    this.end = resolve;
    this.fail = reject;
  });

  async createBidirectionalStream() {
    return { readable: this.down.readable, writable: this.up.writable };
  }

  async createUnidirectionalStream({ sendOrder }: { sendOrder: number }) {
    const stream = pipe();
    this.opened.push({ order: sendOrder, stream });
    return stream.writable;
  }

  close({ closeCode }: { closeCode: number }): void {
    this.closedWith = closeCode;
    this.end({ closeCode });
  }
}

async function start() {
  const transport = new FakeTransport();
  const told: unknown[] = [];
  const session = new Session(transport as unknown as WebTransport, {
    opened: (kind) => told.push(kind),
    message: (data) => told.push([...new Uint8Array(data as ArrayBuffer)]),
    closed: (isOrderly) => told.push(isOrderly),
  });
  await vi.waitFor(() => expect(told).toEqual(["webtransport"]));
  return { transport, session, told };
}

const record = (channel: Channel, length = 8): Bytes => {
  const frame = new Uint8Array(length);
  frame.set([0x10, 1, channel]);
  return frame;
};

async function written(stream: ReadableStream<Bytes>): Promise<number[]> {
  const reader = stream.getReader();
  const { value } = await reader.read();
  reader.releaseLock();
  return [...(value ?? [])];
}

describe("a session of WebTransport", () => {
  test("sends each frame the way of its channel", async () => {
    const { transport, session } = await start();
    session.send(Uint8Array.of(0x13, 9));
    session.send(record(Channel.Control, 4));
    expect(await written(transport.up.readable)).toEqual([0, 2, 0x13, 9]);
    expect(await written(transport.up.readable)).toEqual([0, 4, 0x10, 1, Channel.Control, 0]);
    session.send(record(Channel.Input, 3));
    session.send(record(Channel.Input, 3));
    session.send(record(Channel.Picture, 300));
    await vi.waitFor(() => expect(transport.opened.length).toBe(2));
    const [input, picture] = transport.opened;
    if (input === undefined || picture === undefined) throw new Error("two streams");
    expect(await written(input.stream.readable)).toEqual([0, 3, 0x10, 1, Channel.Input]);
    expect(await written(input.stream.readable)).toEqual([0, 3, 0x10, 1, Channel.Input]);
    expect((await written(picture.stream.readable)).slice(0, 3)).toEqual([1, 44, 0x10]);
    expect(input.order, "input goes first").toBeGreaterThan(picture.order);
    await vi.waitFor(() => expect(session.bufferedAmount).toBe(0));
  });

  test("sends places as datagrams if they fit into one", async () => {
    const { transport, session } = await start();
    session.send(record(Channel.Pointer, 5));
    expect(await written(transport.places.readable)).toEqual([0x10, 1, Channel.Pointer, 0, 0]);
    session.send(record(Channel.Pointer, 2000));
    await vi.waitFor(() => expect(transport.opened.length).toBe(1));
  });

  test("finds frames wherever their streams are cut", async () => {
    const { transport, told } = await start();
    const first = transport.down.writable.getWriter();
    for (const byte of [0, 2, 0x13, 7, 0]) await first.write(Uint8Array.of(byte));
    await first.write(Uint8Array.of(1, 0x14, 0, 0));
    await vi.waitFor(() => expect(told.slice(1)).toEqual([[0x13, 7], [0x14], []]));
    const stream = pipe();
    await transport.incoming.writable.getWriter().write(stream.readable);
    await stream.writable.getWriter().write(Uint8Array.of(0, 1, 5, 0, 1, 6));
    await transport.placesBack.writable.getWriter().write(Uint8Array.of(0x10, 0));
    await vi.waitFor(() => expect(told.length).toBe(7));
    expect(told).toEqual(expect.arrayContaining([[5], [6], [0x10, 0]]));
  });

  test.each([
    [{ closeCode: 0 }, true],
    [{ closeCode: 1 }, false],
  ])("closed with %j is orderly: %s", async (how, isOrderly) => {
    const { transport, told } = await start();
    transport.end(how);
    await vi.waitFor(() => expect(told).toEqual(["webtransport", isOrderly]));
  });

  test("that is lost is not orderly", async () => {
    const { transport, told } = await start();
    transport.fail(new Error("gone"));
    await vi.waitFor(() => expect(told).toEqual(["webtransport", false]));
  });

  test("whose first stream ends was ended, after the last words", async () => {
    const { transport, told } = await start();
    const first = transport.down.writable.getWriter();
    await first.write(Uint8Array.of(0, 1, 0x12));
    await first.close();
    await vi.waitFor(() => expect(told).toEqual(["webtransport", [0x12], true]));
    expect(transport.closedWith).toBe(0);
  });

  test("ends its streams first, and leaves a relay that does not follow", async () => {
    const { transport, session, told } = await start();
    vi.useFakeTimers();
    session.send(Uint8Array.of(0x12));
    session.close();
    expect(await written(transport.up.readable)).toEqual([0, 1, 0x12]);
    expect((await transport.up.readable.getReader().read()).done).toBe(true);
    expect(transport.closedWith).toBeNull();
    vi.advanceTimersByTime(1000);
    vi.useRealTimers();
    expect(transport.closedWith).toBe(0);
    await Promise.resolve();
    expect(told).toEqual(["webtransport"]);
  });

  test("is left at once", async () => {
    const { transport, session } = await start();
    session.close(4000);
    expect(transport.closedWith).toBe(1);
  });
});
