// What page and worker say to each other.

import type { InputEvent, LaserPlace, Level } from "@handrail/protocol";
import type { Accepted } from "./session.ts";
import type { Colleague, SessionState } from "./state.ts";

/** From the page. */
export type Order =
  | {
      readonly do: "open";
      readonly connect: string;
      readonly ticket: string;
      readonly reason?: string;
      readonly incident?: string;
      readonly invitation?: Accepted;
      /** The page's `performance.timeOrigin`: both count time from there. */
      readonly origin: number;
    }
  | { readonly do: "attach"; readonly canvas: OffscreenCanvas }
  | { readonly do: "ask"; readonly level: Level }
  | { readonly do: "act"; readonly events: readonly InputEvent[]; readonly at: number }
  | { readonly do: "laser"; readonly place: LaserPlace }
  | { readonly do: "show_output"; readonly output: number | null }
  | { readonly do: "chat"; readonly text: string }
  | { readonly do: "find_colleagues"; readonly search: string }
  | { readonly do: "invite"; readonly colleague: Colleague; readonly handOver: boolean }
  | { readonly do: "uninvite"; readonly subject: string }
  /** The page drew the frame that shows this update. */
  | { readonly do: "seen"; readonly update: number; readonly at: number }
  | { readonly do: "hash"; readonly serial: number }
  | { readonly do: "acknowledge" }
  | { readonly do: "leave" };

/** From the worker. */
export type Told =
  | { readonly told: "state"; readonly change: Partial<SessionState> }
  | { readonly told: "painted"; readonly update: number }
  | { readonly told: "hash"; readonly serial: number; readonly hash: string | null };
