// Frames and the clear header of sealed records (SPEC 2, 3).

import { type Bytes, concat, u16, u64 } from "./bytes.ts";
import { Channel, channelOf } from "./channel.ts";
import { Malformed, Reader } from "./reader.ts";
import { varint } from "./varint.ts";

export const MAX_FRAME = 17408;
export const MAX_MESSAGE = 16384;
export const MAX_PLAINTEXT = 16384;
export const TAG = 16;
export const MAX_GENERATION = (1 << 30) - 1;
/** Helpers of a session in its life. */
export const PAIRS = 16;
/** Helpers of a session at once. */
export const PAIRS_AT_ONCE = 3;

/** What stands before the sealed bytes; the relay reads it. */
export interface Header {
  readonly pair: number;
  readonly channel: Channel;
  readonly generation: number;
  readonly counter: bigint;
}

/** A sealed record, or a flight of the handshake in the place of one. */
export interface Envelope {
  readonly kind: "sealed";
  readonly header: Header;
  readonly clear: Bytes;
  readonly sealed: Bytes;
}

export interface Credit {
  readonly kind: "credit";
  readonly pair: number;
  readonly channel: Channel;
  /** Changes of carrier of this pair so far, modulo 256. Credit of another round means nothing. */
  readonly round: number;
  readonly limit: bigint;
}

export type Frame =
  | Envelope
  | Credit
  | { readonly kind: "message"; readonly text: Bytes }
  | { readonly kind: "ping"; readonly number: bigint }
  | { readonly kind: "pong"; readonly number: bigint }
  /** So many frames that have to arrive were taken on this line (SPEC 2.4). */
  | { readonly kind: "heard"; readonly count: bigint };

/** The kind of a sealed record. */
export const SEALED = 0x10;
const CREDIT = 0x11;
const MESSAGE = 0x12;
const PING = 0x13;
const PONG = 0x14;
const HEARD = 0x15;

/** The clear header of a record with this many sealed bytes. */
export function encodeHeader(header: Header, length: number): Bytes {
  return concat(
    Uint8Array.of(SEALED, header.pair, header.channel),
    varint(BigInt(header.generation)),
    varint(header.counter),
    u16(length),
  );
}

/** A flight of the handshake as a record that is not sealed (SPEC 3). */
export function flight(pair: number, counter: bigint, bytes: Bytes): Envelope {
  if (bytes.length > MAX_PLAINTEXT + TAG) throw new RangeError(`a flight of ${bytes.length} bytes`);
  const header: Header = { pair, channel: Channel.Handshake, generation: 0, counter };
  return { kind: "sealed", header, clear: encodeHeader(header, bytes.length), sealed: bytes };
}

export function encodeFrame(frame: Frame): Bytes {
  switch (frame.kind) {
    case "sealed":
      return concat(frame.clear, frame.sealed);
    case "credit":
      return concat(Uint8Array.of(CREDIT, frame.pair, frame.channel, frame.round), varint(frame.limit));
    case "message":
      return concat(Uint8Array.of(MESSAGE), frame.text);
    case "ping":
      return concat(Uint8Array.of(PING), u64(frame.number));
    case "pong":
      return concat(Uint8Array.of(PONG), u64(frame.number));
    case "heard":
      return concat(Uint8Array.of(HEARD), varint(frame.count));
  }
}

/** Whether it has to arrive, also when the carrier is lost meanwhile: relay messages and the handshake (SPEC 2.4). */
export function mustArrive(frame: Frame): boolean {
  return frame.kind === "message" || (frame.kind === "sealed" && frame.header.channel === Channel.Handshake);
}

/** Reads one frame; a broken one ends the carrier. */
export function decodeFrame(bytes: Uint8Array): Frame {
  if (bytes.length > MAX_FRAME) throw Malformed.tooLong(bytes.length);
  const reader = new Reader(bytes);
  const kind = reader.u8("kind");
  switch (kind) {
    case SEALED:
      return readEnvelope(reader, bytes);
    case CREDIT: {
      const [place, round] = [readPlace(reader), reader.u8("round")];
      const credit: Credit = { kind: "credit", ...place, round, limit: reader.varint("limit") };
      reader.end();
      return credit;
    }
    case MESSAGE:
      if (bytes.length > MAX_MESSAGE) throw Malformed.tooLong(bytes.length);
      return { kind: "message", text: reader.rest() };
    case PING:
    case PONG: {
      const number = reader.u64("number");
      reader.end();
      return { kind: kind === PING ? "ping" : "pong", number };
    }
    case HEARD: {
      const count = reader.varint("count");
      reader.end();
      return { kind: "heard", count };
    }
    default:
      throw Malformed.value("kind", kind);
  }
}

function readEnvelope(reader: Reader, bytes: Uint8Array): Envelope {
  const place = readPlace(reader);
  const generation = reader.varint("generation");
  if (generation > BigInt(MAX_GENERATION)) throw Malformed.value("generation", generation);
  const counter = reader.varint("counter");
  const length = reader.u16("length");
  if (length > MAX_PLAINTEXT + TAG) throw Malformed.tooLong(length);
  const clear = concat(bytes.subarray(0, reader.at));
  const sealed = reader.bytes(length, "sealed bytes");
  reader.end();
  return { kind: "sealed", header: { ...place, generation: Number(generation), counter }, clear, sealed };
}

function readPlace(reader: Reader): { pair: number; channel: Channel } {
  const pair = reader.u8("pair");
  if (pair >= PAIRS) throw Malformed.value("pair", pair);
  const number = reader.u8("channel");
  const channel = channelOf(number);
  if (channel === null) throw Malformed.value("channel", number);
  return { pair, channel };
}
