// From the screen's frames to coded ones: the newest frame is coded when somebody takes it; nothing waits in a queue (DESIGN 4).

import type { VideoFrameBytes } from "@handrail/protocol";

/** Milliseconds without change after which the last picture is coded again, to become sharp; and how often. */
const STILL = 150;
const SHARPEN = 4;

/** Who takes the frames: a SharerSession. */
export interface Audience {
  readonly isOpen: boolean;
  readonly needsKey: boolean;
  show(frame: VideoFrameBytes): void;
  /** Nothing has changed since this frame, and it is sharp. */
  rest(update: number): void;
}

/** One raw picture of the screen: a VideoFrame. */
export interface Raw<Frame> {
  clone(): Frame;
  close(): void;
}

/** Codes pictures. */
export interface Coder<Frame> {
  /** How many pictures wait to be coded. */
  readonly waiting: number;
  /** Takes the picture over. */
  code(frame: Frame, key: boolean): void;
}

export class Broadcast<Frame extends Raw<Frame>> {
  readonly #audience: Audience;
  readonly #coder: Coder<Frame>;
  /** The newest picture, and whether it was never coded. */
  #newest: Frame | null = null;
  #isFresh = false;
  /** How often the newest picture was coded again. */
  #again = 0;
  #update = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(audience: Audience, coder: Coder<Frame>) {
    this.#audience = audience;
    this.#coder = coder;
  }

  /** The screen looks like this now. */
  take(frame: Frame): void {
    this.#newest?.close();
    this.#newest = frame;
    this.#isFresh = true;
    this.#again = 0;
    this.wake();
  }

  /** Somebody may take a frame now, or needs one. */
  wake(): void {
    const { needsKey } = this.#audience;
    if ((this.#isFresh || needsKey) && this.#code(needsKey)) this.#again = 0;
    this.#arm();
  }

  /** A frame was coded. */
  coded(frame: VideoFrameBytes): void {
    this.#update = frame.frame;
    this.#audience.show(frame);
    this.wake();
  }

  /** The end of the session. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#newest?.close();
    this.#newest = null;
  }

  #code(key: boolean): boolean {
    if (this.#newest === null || this.#coder.waiting > 0 || !this.#audience.isOpen) return false;
    this.#coder.code(this.#newest.clone(), key);
    this.#isFresh = false;
    return true;
  }

  /** A screen that rests is made sharp, then told as resting. */
  #arm(): void {
    clearTimeout(this.#timer);
    if (this.#newest === null || this.#again > SHARPEN) return;
    this.#timer = setTimeout(() => this.#sharpen(), STILL);
  }

  #sharpen(): void {
    if (this.#again < SHARPEN && !this.#isFresh) {
      if (this.#code(false)) this.#again += 1;
    } else if (!this.#isFresh && this.#update > 0) {
      this.#again += 1;
      this.#audience.rest(this.#update);
      return;
    }
    this.#arm();
  }
}
