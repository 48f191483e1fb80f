// What the helper sees: the decoded picture, how it gets to the canvas, and how long it took to come.

import { type CursorPlace, type InputEvent, isVideo } from "@handrail/protocol";
import type { Painter } from "./painter.ts";
import type { Picture } from "./picture.ts";
import { Quality } from "./quality.ts";
import { Video } from "./video.ts";

/** An update is on the canvas. */
export interface Shown {
  readonly update: number;
  /** The picture has this size for the first time. */
  readonly resized: { readonly width: number; readonly height: number } | null;
}

/** What the session machine needs of a view; tests have one without a canvas. */
export interface View {
  readonly quality: Quality;
  /** Numbers events and remembers when those happened that a picture may answer. Gives the first number. */
  number(events: readonly InputEvent[], at: number): number;
  /** Decodes one slice, or one part of a video; with the last one of an update it is painted. Throws and rejects with a PictureError or a VideoError. */
  show(slice: Uint8Array, now: number): Promise<Shown> | null;
  cursor(place: CursorPlace): void;
  /** The page drew the frame that shows this update. */
  seen(update: number, at: number): void;
  hash(): Promise<string | null>;
}

/** Letting go and moving mostly change nothing on a screen: the next picture is not their answer. */
function isPress(event: InputEvent): boolean {
  if (event.event === "key" || event.event === "button") return event.down;
  return event.event === "text" || event.event === "wheel";
}

/** Inputs whose effect may be outstanding; more are not measured. */
const PENDING = 1024;

interface Sent {
  readonly last: number;
  readonly at: number;
}

export class CanvasView implements View {
  readonly quality = new Quality();
  readonly #picture: Picture;
  readonly #painter: Painter;
  readonly #clock: () => number;
  readonly #video: Video;
  #nextInput = 1;
  #pending: Sent[] = [];
  /** Inputs that an update answers, until the page has drawn it. */
  readonly #answered = new Map<number, readonly Sent[]>();
  #resized = false;
  #bytes = 0;
  #work = 0;

  constructor(picture: Picture, painter: Painter, clock: () => number) {
    this.#picture = picture;
    this.#painter = painter;
    this.#clock = clock;
    this.#video = new Video((frame) => painter.video(frame));
  }

  number(events: readonly InputEvent[], at: number): number {
    const first = this.#nextInput;
    this.#nextInput = (first + events.length) >>> 0;
    if (this.#pending.length < PENDING && events.some(isPress))
      this.#pending.push({ last: (this.#nextInput - 1) >>> 0, at });
    return first;
  }

  show(slice: Uint8Array): Promise<Shown> | null {
    if (isVideo(slice)) return this.#showVideo(slice);
    const begun = this.#clock();
    const applied = this.#picture.push(slice);
    this.#painter.collect(applied);
    this.#bytes += slice.length;
    this.#resized ||= applied.resized;
    if (!applied.last) {
      this.#work += this.#clock() - begun;
      return null;
    }
    const stills = this.#painter.commit();
    const painted = this.#clock();
    this.quality.painted(painted, this.#bytes, this.#work + painted - begun);
    [this.#bytes, this.#work] = [0, 0];
    this.#answer(applied.update, applied.input);
    const resized = this.#resized ? this.#picture.size : null;
    this.#resized = false;
    return stills.then(() => ({ update: applied.update, resized }));
  }

  #showVideo(part: Uint8Array): Promise<Shown> | null {
    const begun = this.#clock();
    this.#bytes += part.length;
    const { size } = this.#painter;
    const shown = this.#video.push(part);
    return (
      shown?.then(({ frame, width, height }) => {
        const painted = this.#clock();
        this.quality.painted(painted, this.#bytes, painted - begun);
        this.#bytes = 0;
        const isSame = size !== null && size.width === width && size.height === height;
        return { update: frame, resized: isSame ? null : { width, height } };
      }) ?? null
    );
  }

  cursor(place: CursorPlace): void {
    this.#painter.cursor(place);
  }

  seen(update: number, at: number): void {
    for (const [answered, inputs] of this.#answered) {
      if (answered > update) continue;
      this.#answered.delete(answered);
      for (const input of inputs) this.quality.latency(at - input.at);
    }
  }

  hash(): Promise<string | null> {
    return this.#picture.hash();
  }

  /** The picture shows what happened up to this input; numbers wrap. */
  #answer(update: number, input: bigint): void {
    const last = Number(input & 0xffff_ffffn);
    const isSeen = (sent: Sent) => (last - sent.last) >>> 0 < 0x7fff_ffff;
    const count = this.#pending.findIndex((sent) => !isSeen(sent));
    const seen = this.#pending.splice(0, count < 0 ? this.#pending.length : count);
    if (seen.length > 0) this.#answered.set(update, seen);
    // A page that draws nothing, in a hidden tab, tells nothing: those samples mean nothing either.
    for (const old of [...this.#answered.keys()].slice(0, -PENDING)) this.#answered.delete(old);
  }
}
