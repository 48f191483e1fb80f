// The picture of a browser that shares: parts of video frames on the channel of the picture (SPEC 7.8). Nothing is coded here.

import { type Bytes, concat } from "./bytes.ts";

/** Codecs by their numbers. */
export const CODECS = { vp9: 1, vp8: 2, h264: 3 } as const;

export type Codec = keyof typeof CODECS;

/** Bytes of a part, and of a frame. */
export const MAX_PART = 256 * 1024;
const MAX_FRAME = 4 << 20;
const MAX_SIDE = 16384;
/** Pixels of a picture: 256 MiB of RGBA. */
const MAX_PIXELS = 64 << 20;
const HEAD = 14;
const LAST = 1;
const KEY = 2;

/** What all parts of a frame have in common. */
export interface VideoHead {
  readonly frame: number;
  /** The frame needs none before it. */
  readonly key: boolean;
  readonly codec: Codec;
  readonly width: number;
  readonly height: number;
}

/** A whole frame. */
export interface VideoFrameBytes extends VideoHead {
  readonly bytes: Bytes;
}

export interface VideoPart extends VideoFrameBytes {
  /** The frame is whole with this part. */
  readonly last: boolean;
}

/** Which rule a part breaks. */
export class VideoError extends Error {
  override readonly name = "VideoError";
  readonly rule:
    | "truncated"
    | "no_video"
    | "flags"
    | "codec"
    | "size"
    | "part"
    | "frame"
    | "order"
    | "mixed"
    | "no_key"
    /** The codec's decoder gave up. */
    | "decoder"
    /** This browser has no decoder for it. */
    | "unreadable";

  constructor(rule: VideoError["rule"]) {
    super(`the video was refused: ${rule}`);
    this.rule = rule;
  }
}

/** Whether a message of the picture is a part of a video: no slice has a context 0. */
export function isVideo(message: Uint8Array): boolean {
  return message.length >= 4 && message.subarray(0, 4).every((byte) => byte === 0);
}

/** The messages that a frame is sent in. */
export function encodeVideo(frame: VideoFrameBytes): Bytes[] {
  const count = Math.ceil(frame.bytes.length / MAX_PART);
  return Array.from({ length: count }, (_, at) => {
    const bytes = frame.bytes.subarray(at * MAX_PART, (at + 1) * MAX_PART);
    return encodePart({ ...frame, bytes, last: at + 1 === count });
  });
}

export function encodePart({ frame, last, key, codec, width, height, bytes }: VideoPart): Bytes {
  const head = new DataView(new ArrayBuffer(HEAD));
  head.setUint32(4, frame, true);
  head.setUint8(8, (last ? LAST : 0) | (key ? KEY : 0));
  head.setUint8(9, CODECS[codec]);
  head.setUint16(10, width, true);
  head.setUint16(12, height, true);
  return concat(new Uint8Array(head.buffer), bytes);
}

/** Reads a message; throws a `VideoError`. */
export function decodePart(message: Uint8Array): VideoPart {
  if (message.length < HEAD) throw new VideoError(message.length >= 4 && !isVideo(message) ? "no_video" : "truncated");
  const head = new DataView(message.buffer, message.byteOffset, HEAD);
  if (!isVideo(message)) throw new VideoError("no_video");
  const [flags, number] = [head.getUint8(8), head.getUint8(9)];
  const [width, height] = [head.getUint16(10, true), head.getUint16(12, true)];
  if ((flags & ~(LAST | KEY)) !== 0) throw new VideoError("flags");
  const codec = codecOf(number);
  if (codec === null) throw new VideoError("codec");
  if (!isSize(width, height)) throw new VideoError("size");
  const frame = head.getUint32(4, true);
  if (frame === 0) throw new VideoError("order");
  const bytes = message.slice(HEAD);
  if (bytes.length === 0 || bytes.length > MAX_PART) throw new VideoError("part");
  return { frame, last: (flags & LAST) !== 0, key: (flags & KEY) !== 0, codec, width, height, bytes };
}

/** Joins parts to frames. */
export class VideoFrames {
  #newest = 0;
  #underWay: { readonly head: VideoHead; readonly parts: Bytes[]; length: number } | null = null;
  /** The last whole frame; null before the first with KEY, and after an error. */
  #before: VideoHead | null = null;

  /** Takes a message. Gives the frame that is whole with it. After an error everything is refused until a later frame with KEY. */
  push(message: Uint8Array): VideoFrameBytes | null {
    try {
      return this.#take(decodePart(message));
    } catch (error) {
      this.lose();
      throw error;
    }
  }

  /** The codec's decoder lost its way: nothing goes on before a later frame with KEY. */
  lose(): void {
    this.#underWay = null;
    this.#before = null;
  }

  #take({ last, bytes, ...head }: VideoPart): VideoFrameBytes | null {
    const before = this.#underWay;
    this.#underWay = null;
    const goesOn = before !== null && before.head.frame === head.frame;
    if (goesOn && !(isSame(before.head, head) && before.head.key === head.key)) throw new VideoError("mixed");
    if (!goesOn) this.#begin(head, before !== null);
    const frame = goesOn ? before : { head, parts: [], length: 0 };
    if (frame.length + bytes.length > MAX_FRAME) throw new VideoError("frame");
    frame.parts.push(bytes);
    frame.length += bytes.length;
    if (!last) {
      this.#underWay = frame;
      return null;
    }
    this.#before = frame.head;
    return { ...frame.head, bytes: concat(...frame.parts) };
  }

  /** The first part of a frame. One with KEY takes the place of a frame that is not whole. */
  #begin(head: VideoHead, isUnfinished: boolean): void {
    const newest = this.#newest;
    this.#newest = Math.max(newest, head.frame);
    if (head.frame <= newest || (isUnfinished && !head.key)) throw new VideoError("order");
    if (head.key) return;
    if (this.#before === null) throw new VideoError("no_key");
    if (!isSame(this.#before, head)) throw new VideoError("mixed");
  }
}

function isSame(one: VideoHead, other: VideoHead): boolean {
  return one.codec === other.codec && one.width === other.width && one.height === other.height;
}

function isSize(width: number, height: number): boolean {
  return width > 0 && height > 0 && Math.max(width, height) <= MAX_SIDE && width * height <= MAX_PIXELS;
}

function codecOf(number: number): Codec | null {
  const names: readonly Codec[] = ["vp9", "vp8", "h264"];
  return names.find((name) => CODECS[name] === number) ?? null;
}
