// What page and worker say to each other.

import type { SharerState } from "./state.ts";

/** From the page. */
export type Order =
  | {
      readonly do: "open";
      readonly connect: string;
      readonly ticket: string;
      /** The page's `performance.timeOrigin`: both count time from there. */
      readonly origin: number;
    }
  /** The pictures of the screen: all of them, a track to read them from, or one. */
  | { readonly do: "frames"; readonly frames: ReadableStream<VideoFrame> }
  | { readonly do: "track"; readonly track: MediaStreamTrack }
  | { readonly do: "frame"; readonly frame: VideoFrame }
  | { readonly do: "join"; readonly code: string }
  | { readonly do: "allow"; readonly pair: number; readonly shown: string }
  | { readonly do: "decline"; readonly pair: number }
  | { readonly do: "pause"; readonly on: boolean }
  | { readonly do: "chat"; readonly text: string }
  | { readonly do: "dismiss"; readonly pair: number }
  | { readonly do: "report"; readonly pair: number }
  | { readonly do: "unable" }
  | { readonly do: "leave" };

/** From the worker. */
export type Told = { readonly told: "state"; readonly change: Partial<SharerState> };
