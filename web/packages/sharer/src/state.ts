// What a page is told about a session that it shares in. The page renders this and keeps no state of its own about the session.

import type { FaultCode } from "@handrail/protocol";
import type { Card, ChatLine, Fault } from "@handrail/viewer/end";

/** Where the session stands. Each phase but `ended` can be left for `ended` at any time. */
export type Phase =
  /** The carrier is dialled, the relay admits the person. */
  | "connecting"
  /** The person types a code. */
  | "code"
  /** The code's routing digits were sent, or the security check runs. */
  | "checking"
  /** A helper is there, and sees nothing. */
  | "meeting"
  /** A helper sees the screen, or may. */
  | "live"
  | "ended";

/** A helper asks to see the screen. Times are `performance.now()` of the page. */
export interface Question {
  /** Rises with every question. */
  readonly serial: number;
  readonly until: number;
  /** Before this nobody can allow it: time to read who asks. */
  readonly allowFrom: number;
}

/** Where a helper points, in pixels of the picture. */
export interface Dot {
  readonly x: number;
  readonly y: number;
  readonly colour: readonly [number, number, number];
}

/** A helper of the session, as verified here. */
export interface Helper {
  readonly pair: number;
  readonly card: Card;
  /** This helper never helped in this browser before. */
  readonly isFirstContact: boolean;
  /** Who asked this one in; null for the helper of the code. */
  readonly invitedBy: string | null;
  /** This helper takes the session over from that one. */
  readonly handOver: boolean;
  /** Sees the screen. */
  readonly isViewing: boolean;
  /** The connection of this one was lost, and is waited for. */
  readonly isAway: boolean;
  readonly question: Question | null;
  readonly dot: Dot | null;
}

/** Something that happened and that a page tells once. `serial` rises with every notice. */
export interface Notice {
  readonly serial: number;
  readonly kind: "fault" | "chat_refused" | "departed" | "invited";
  readonly fault?: Fault;
  readonly code?: FaultCode;
  /** Whom it is about. */
  readonly name?: string;
}

export interface SharerState {
  readonly phase: Phase;
  /** The name that the relay knows the person by. */
  readonly me: string | null;
  readonly helpers: readonly Helper[];
  /** Whether the organisation allows to chat. */
  readonly mayChat: boolean;
  readonly chat: readonly ChatLine[];
  /** Nobody sees anything, though they may. */
  readonly isPaused: boolean;
  /** The connection to the relay was lost, and another one is made. */
  readonly isAway: boolean;
  /** Size of the picture that helpers get; null before the first frame. */
  readonly picture: { readonly width: number; readonly height: number } | null;
  readonly notice: Notice | null;
  /** Why it ended; `fault` is null if the person here left. */
  readonly end: { readonly fault: Fault | null } | null;
}

export const START: SharerState = {
  phase: "connecting",
  me: null,
  helpers: [],
  mayChat: true,
  chat: [],
  isPaused: false,
  isAway: false,
  picture: null,
  notice: null,
  end: null,
};
