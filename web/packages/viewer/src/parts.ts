// What a session machine is made with.

import type { Bytes, Frame } from "@handrail/protocol";
import type { Accepted } from "./session.ts";
import type { SessionState } from "./state.ts";
import type { Trust } from "./trust.ts";
import type { View } from "./view.ts";

/** Where frames leave. */
export interface Carrier {
  send(frame: Frame): void;
  sendBytes(frame: Bytes, priority: number): void;
  close(): void;
  /** With this key the program comes back if the carrier is lost; the relay waits so many seconds for it. */
  welcomed(key: string, keep: number): void;
  readonly roundTrip: number | null;
}

/** What the machine is made with. */
export interface Parts {
  readonly carrier: Carrier;
  readonly view: View;
  readonly trust: Trust;
  /** Milliseconds, from any start. */
  readonly now: () => number;
  /** Gets the members of the state that changed. */
  readonly tell: (change: Partial<SessionState>) => void;
  /** An update is on the canvas. */
  readonly painted: (update: number) => void;
  /** Name and version of this program. */
  readonly client: string;
  readonly reason?: string;
  readonly incident?: string;
  /** The invitation that the session begins with, in the place of a code. */
  readonly invitation?: Accepted;
}
