// WebCodecs: VP9, or VP8 where a browser has no encoder for it. H.264 is nobody's (SPEC 7.8).

import type { Codec, VideoFrameBytes } from "@handrail/protocol";
import type { Coder } from "./broadcast.ts";

/** What browsers call the codecs, best first. */
const CODECS: readonly { readonly codec: Codec; readonly name: string }[] = [
  { codec: "vp9", name: "vp09.00.51.08" },
  { codec: "vp8", name: "vp8" },
];
/** Pixels of a picture: a larger screen is scaled down, or an encoder without hardware falls behind. */
const MOST = 2560 * 1600;
/** Bits a second for each pixel, and the least. */
const BITS = 2.5;
const LEAST = 1_500_000;
const RATE = 30;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size of the picture that helpers get: even, and not too large. */
export function sizeOf({ width, height }: Size): Size {
  const scale = Math.min(1, Math.sqrt(MOST / (width * height)));
  const even = (side: number) => Math.max(2, Math.floor((side * scale) / 2) * 2);
  return { width: even(width), height: even(height) };
}

export class VideoCoder implements Coder<VideoFrame> {
  readonly #tell: (frame: VideoFrameBytes) => void;
  readonly #fail: () => void;
  #encoder: VideoEncoder | null = null;
  #codec: Codec = "vp9";
  #size: Size = { width: 0, height: 0 };
  #frames = 0;
  #choosing = false;
  #next: VideoFrame | null = null;

  /** `fail` is told that this browser can code nothing. */
  constructor(tell: (frame: VideoFrameBytes) => void, fail: () => void) {
    this.#tell = tell;
    this.#fail = fail;
  }

  get waiting(): number {
    return (this.#choosing ? 1 : 0) + (this.#encoder?.encodeQueueSize ?? 0);
  }

  code(frame: VideoFrame, key: boolean): void {
    const size = sizeOf({ width: frame.displayWidth, height: frame.displayHeight });
    const isSame = size.width === this.#size.width && size.height === this.#size.height;
    if (isSame && this.#encoder?.state === "configured") this.#encode(frame, key);
    else void this.#begin(frame, size);
  }

  stop(): void {
    if (this.#encoder?.state !== "closed") this.#encoder?.close();
    this.#next?.close();
  }

  /** Another size, or the first one: an encoder that begins with a key. */
  async #begin(frame: VideoFrame, size: Size): Promise<void> {
    this.#choosing = true;
    this.#next = frame;
    const config = await choose(size);
    this.#choosing = false;
    this.#next = null;
    if (config === null) {
      frame.close();
      this.#fail();
      return;
    }
    if (this.#encoder !== null && this.#encoder.state !== "closed") this.#encoder.close();
    [this.#codec, this.#size] = [config.codec, size];
    this.#encoder = new VideoEncoder({ output: (chunk) => this.#out(chunk), error: () => this.#broke() });
    this.#encoder.configure(config.config);
    this.#encode(frame, true);
  }

  #encode(frame: VideoFrame, keyFrame: boolean): void {
    this.#encoder?.encode(frame, { keyFrame });
    frame.close();
  }

  #out(chunk: EncodedVideoChunk): void {
    const bytes = new Uint8Array(chunk.byteLength);
    chunk.copyTo(bytes);
    this.#frames += 1;
    this.#tell({ frame: this.#frames, key: chunk.type === "key", codec: this.#codec, ...this.#size, bytes });
  }

  /** The next picture makes another one. */
  #broke(): void {
    this.#size = { width: 0, height: 0 };
  }
}

async function choose(size: Size): Promise<{ codec: Codec; config: VideoEncoderConfig } | null> {
  const bitrate = Math.max(LEAST, Math.round(size.width * size.height * BITS));
  for (const { codec, name } of CODECS) {
    const config = { codec: name, ...size, bitrate, framerate: RATE, latencyMode: "realtime" } as const;
    const { supported } = await VideoEncoder.isConfigSupported(config).catch(() => ({ supported: false }));
    if (supported === true) return { codec, config };
  }
  return null;
}
