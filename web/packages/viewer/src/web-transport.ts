// A session of WebTransport (SPEC 2.5): each frame goes the way of its channel (SPEC 2.2).

import { type Bytes, Channel, channelOf, priorityOf, SEALED } from "@handrail/protocol";
import type { Dial, Heard, Socket } from "./socket.ts";

/** Milliseconds that a relay may take to close a session whose streams have ended. */
const LAST_WORDS = 1000;
const ENDED = 0;
const LEFT = 1;

type Writer = WritableStreamDefaultWriter<Bytes>;

/** A dial; null in a browser that does not have it. */
export function webTransport(address: string): Dial | null {
  if (!("WebTransport" in globalThis)) return null;
  return (heard) => new Session(new WebTransport(address), heard);
}

export class Session implements Socket {
  readonly #transport: WebTransport;
  readonly #heard: Heard;
  /** By pair and channel; the first stream is 0, which is the handshake's. */
  readonly #streams = new Map<number, Promise<Writer>>();
  #places: Writer | null = null;
  #isOver = false;
  bufferedAmount = 0;

  constructor(transport: WebTransport, heard: Heard) {
    this.#transport = transport;
    this.#heard = heard;
    transport.closed.then(
      ({ closeCode }) => this.#closed(closeCode === ENDED),
      () => this.#closed(false),
    );
    // Whatever fails here, the session is closed with it.
    this.#open().catch(() => transport.close({ closeCode: LEFT }));
  }

  send(frame: Bytes): void {
    const road = roadOf(frame);
    const { maxDatagramSize } = this.#transport.datagrams;
    if (this.#places !== null && isPlace(frame) && frame.length <= maxDatagramSize) {
      // One that is lost is healed by the next.
      this.#places.write(frame).catch(() => {});
      return;
    }
    this.bufferedAmount += frame.length;
    const written = this.#stream(road, frame).then((writer) => writer.write(withLength(frame)));
    written.then(
      () => {
        this.bufferedAmount -= frame.length;
      },
      () => {},
    );
  }

  close(code?: number): void {
    this.#isOver = true;
    if (code !== undefined) {
      this.#transport.close({ closeCode: LEFT });
      return;
    }
    for (const stream of this.#streams.values()) stream.then((writer) => writer.close()).catch(() => {});
    setTimeout(() => this.#transport.close({ closeCode: ENDED }), LAST_WORDS);
  }

  async #open(): Promise<void> {
    await this.#transport.ready;
    const { readable, writable } = await this.#transport.createBidirectionalStream();
    this.#streams.set(0, Promise.resolve(writable.getWriter()));
    this.#places = this.#transport.datagrams.writable.getWriter();
    this.#heard.opened("webtransport", null);
    const take = (frame: ArrayBuffer) => {
      if (!this.#isOver) this.#heard.message(frame);
    };
    const { datagrams, incomingUnidirectionalStreams } = this.#transport;
    // What breaks while it is read is told by the end of the session.
    const broken = () => {};
    each(datagrams.readable, (place: Bytes) => take(place.slice().buffer)).catch(broken);
    each(incomingUnidirectionalStreams, (stream) => void frames(stream, take).catch(broken)).catch(broken);
    await frames(readable, take);
    // A relay that ended the first stream has said everything.
    this.#transport.close({ closeCode: ENDED });
  }

  #stream(road: number, frame: Bytes): Promise<Writer> {
    const found = this.#streams.get(road);
    if (found !== undefined) return found;
    const sendOrder = -priority(frame);
    const opened = this.#transport.createUnidirectionalStream({ sendOrder }).then((stream) => stream.getWriter());
    this.#streams.set(road, opened);
    return opened;
  }

  #closed(isOrderly: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#heard.closed(isOrderly);
  }
}

/** The channel of a record; null of whatever else goes on the first stream. */
function channel(frame: Bytes): Channel | null {
  return frame[0] === SEALED ? channelOf(frame[2] ?? Channel.Handshake) : null;
}

function priority(frame: Bytes): number {
  return priorityOf(channel(frame) ?? Channel.Handshake);
}

function isPlace(frame: Bytes): boolean {
  const of = channel(frame);
  return of === Channel.Cursor || of === Channel.Pointer;
}

function roadOf(frame: Bytes): number {
  return priority(frame) === 0 ? 0 : ((frame[1] ?? 0) << 8) | (frame[2] ?? 0);
}

function withLength(frame: Bytes): Bytes {
  const framed = new Uint8Array(2 + frame.length);
  framed.set([frame.length >> 8, frame.length & 0xff]);
  framed.set(frame, 2);
  return framed;
}

async function each<Item>(stream: ReadableStream<Item>, take: (item: Item) => void): Promise<void> {
  const reader = stream.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    take(value);
  }
}

/** Reads the frames of a stream until it ends. */
async function frames(stream: ReadableStream<Bytes>, take: (frame: ArrayBuffer) => void): Promise<void> {
  let rest: Bytes = new Uint8Array();
  await each(stream, (chunk) => {
    const bytes = new Uint8Array(rest.length + chunk.length);
    bytes.set(rest);
    bytes.set(chunk, rest.length);
    let at = 0;
    for (;;) {
      const end = at + 2 + (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
      if (at + 2 > bytes.length || end > bytes.length) break;
      take(bytes.slice(at + 2, end).buffer);
      at = end;
    }
    rest = bytes.subarray(at);
  });
}
