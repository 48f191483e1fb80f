// The video of a browser that shares (SPEC 7.8): parts in, pictures out, in their order. WebCodecs decodes.

import { type Codec, VideoError, type VideoFrameBytes, VideoFrames } from "@handrail/protocol";

/** What browsers call the codecs. */
const NAMES: Record<Codec, string> = { vp9: "vp09.00.51.08", vp8: "vp8", h264: "avc1.42E034" };
/** Frames that a decoder may have at once: one that falls behind begins afresh. */
const MOST = 120;

/** A decoded picture, to be painted at once: it is closed afterwards. */
type Paint = (picture: VideoFrame) => void;

interface Waiting {
  readonly done: () => void;
  readonly failed: (error: VideoError) => void;
}

export class Video {
  readonly #frames = new VideoFrames();
  readonly #paint: Paint;
  readonly #waiting = new Map<number, Waiting>();
  #decoder: VideoDecoder | null = null;
  #configured = "";

  constructor(paint: Paint) {
    this.#paint = paint;
  }

  /** Takes a part. With the last one of a frame: settles when its picture is painted, rejects with a VideoError. */
  push(part: Uint8Array): Promise<VideoFrameBytes> | null {
    const frame = this.#frames.push(part);
    if (frame === null) return null;
    if (typeof VideoDecoder !== "function") throw new VideoError("unreadable");
    if (this.#waiting.size >= MOST) throw this.#lose();
    const done = new Promise<void>((resolve, reject) => {
      this.#waiting.set(frame.frame, { done: resolve, failed: reject });
    });
    this.#decode(frame);
    return done.then(() => frame);
  }

  #decode(frame: VideoFrameBytes): void {
    const { codec, width, height, key, bytes } = frame;
    try {
      const shape = `${codec} ${width} ${height}`;
      if (this.#decoder === null || this.#decoder.state === "closed") this.#decoder = this.#make();
      if (shape !== this.#configured || this.#decoder.state !== "configured") {
        this.#decoder.configure({ codec: NAMES[codec], optimizeForLatency: true });
        this.#configured = shape;
      }
      // The number of the frame goes through the decoder as its time.
      this.#decoder.decode(new EncodedVideoChunk({ type: key ? "key" : "delta", timestamp: frame.frame, data: bytes }));
    } catch {
      throw this.#lose();
    }
  }

  #make(): VideoDecoder {
    return new VideoDecoder({
      output: (picture) => {
        this.#paint(picture);
        picture.close();
        this.#settle(picture.timestamp);
      },
      error: (error) => void this.#lose(error.name === "NotSupportedError" ? "unreadable" : "decoder"),
    });
  }

  /** A decoder gives every frame or none: those before a picture that came are never shown, and count as painted with it. */
  #settle(frame: number): void {
    for (const [number, { done }] of this.#waiting) {
      if (number > frame) continue;
      this.#waiting.delete(number);
      done();
    }
  }

  /** Nothing that is under way will be shown. */
  #lose(rule: "decoder" | "unreadable" = "decoder"): VideoError {
    const error = new VideoError(rule);
    this.#frames.lose();
    if (this.#decoder !== null && this.#decoder.state !== "closed") this.#decoder.close();
    this.#decoder = null;
    for (const { failed } of this.#waiting.values()) failed(error);
    this.#waiting.clear();
    return error;
  }
}
