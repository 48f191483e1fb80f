// The screen, as a browser gives it: what the person picks in the browser's own dialogue, and its pictures for the worker.

import type { Order } from "./port.ts";

/** Pictures of a track in a worker or a window, where there are such (W3C MediaStreamTrack Insertable Streams). */
interface Processors {
  readonly MediaStreamTrackProcessor: new (options: {
    track: MediaStreamTrack;
    maxBufferSize?: number;
  }) => { readonly readable: ReadableStream<VideoFrame> };
}

/** Asks the person what to share. Needs a click just before. Null if nothing was picked. */
export async function pickScreen(): Promise<MediaStream | null> {
  const wishes = { selfBrowserSurface: "exclude", surfaceSwitching: "include", monitorTypeSurfaces: "include" };
  const options = { ...wishes, video: { frameRate: { max: 30 } }, audio: false };
  return navigator.mediaDevices.getDisplayMedia(options).catch(() => null);
}

/** The pictures of a track, read here; null where this scope cannot. */
export function framesOf(scope: object, track: MediaStreamTrack): ReadableStream<VideoFrame> | null {
  return hasProcessors(scope) ? new scope.MediaStreamTrackProcessor({ track, maxBufferSize: 2 }).readable : null;
}

/** Hands the pictures of a stream to the worker, whichever way the browser knows. `video` shows the stream, for the last of the ways. */
export function handOver(stream: MediaStream, worker: globalThis.Worker, video: () => HTMLVideoElement | null): void {
  const [track] = stream.getVideoTracks();
  if (track === undefined) return;
  const frames = framesOf(globalThis, track);
  if (frames !== null) {
    worker.postMessage({ do: "frames", frames } satisfies Order, [frames]);
    return;
  }
  try {
    const copy = track.clone();
    // `lib.dom` does not know that a track can be transferred.
    const transfer: unknown = copy;
    worker.postMessage({ do: "track", track: copy } satisfies Order, [transfer as Transferable]);
  } catch {
    void watch(track, worker, video);
  }
}

/** One picture after the other, as a video element shows them. */
async function watch(track: MediaStreamTrack, worker: globalThis.Worker, video: () => HTMLVideoElement | null) {
  while (track.readyState === "live") {
    const shown = video();
    if (shown === null) await new Promise((resolve) => requestAnimationFrame(resolve));
    else {
      await new Promise((resolve) => shown.requestVideoFrameCallback(resolve));
      const frame = new VideoFrame(shown, { timestamp: performance.now() * 1000 });
      worker.postMessage({ do: "frame", frame } satisfies Order, [frame]);
    }
  }
}

function hasProcessors(scope: object): scope is Processors {
  return "MediaStreamTrackProcessor" in scope && typeof scope.MediaStreamTrackProcessor === "function";
}
