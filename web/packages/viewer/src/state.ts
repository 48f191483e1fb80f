// What a page is told about one help session. Words and meanings follow SPEC 15; the page renders this and keeps no state of its own
// about the session.

import type { StepUp } from "@handrail/protocol";
import type { Instead, Kind } from "./socket.ts";

/** A level of help, lowest first. */
export type Level = "view" | "control" | "elevation" | "unattended";

/** Where the session stands. Each phase but `ended` can be left for `ended` at any time. */
export type Phase =
  /** The carrier is dialled, the relay admits the person. */
  | "connecting"
  /** A code stands and waits to be typed. */
  | "code"
  /** Somebody typed the code's routing digits, or the accepted invitation goes on; the security check runs. */
  | "checking"
  /** Paired, no level stands: the helper chooses one, or waits for the answer to `question`. */
  | "choosing"
  /** A level stands. */
  | "live"
  /** Over; see `end`. */
  | "ended";

/**
 * The other person, as this program verified them: the organisation's sign-in service vouches for every member but `directory`.
 * Everything here is text of others: show it as text, in `<bdi>`.
 */
export interface Card {
  readonly name: string;
  readonly subject: string;
  readonly issuer: string;
  /** The domain that issuer and organisation stand for. */
  readonly domain: string;
  readonly title?: string;
  readonly company?: string;
  /** What the other person signed in with. */
  readonly program: "browser" | "native";
  readonly directory: Directory;
}

/** What only the relay says about a person. Nobody vouches for it. */
export interface Directory {
  readonly name?: string;
  readonly title?: string;
  readonly company?: string;
  /** A `data:` URL. */
  readonly picture?: string;
}

/** What is wrong with the sharer's device, and what that does to the session. */
export interface Compliance {
  readonly state: "compliant" | "not_compliant" | "stale" | "not_enrolled";
  readonly action: "warn" | "require_ack" | "view_only" | "block";
  /** What administrators call the rule that says so. */
  readonly rule?: string;
  /** The helper acknowledged this state. */
  readonly isAcknowledged: boolean;
}

/** A fault with its stable number, such as RH-1102, and the relay's or the client's English sentence. */
export interface Fault {
  readonly code: string;
  readonly text: string;
  /** What administrators call the rule that led to it. */
  readonly rule?: string;
  /** The sign-in that would fulfil the rule. */
  readonly stepUp?: StepUp;
}

/** A monitor of the sharer. */
export interface Output {
  readonly id: number;
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly primary: boolean;
}

/** Somebody who could come into the session. */
export interface Colleague {
  readonly subject: string;
  readonly name: string;
  readonly title?: string;
}

/** Colleagues whose names hold what was looked for: none yet, those who were found, or why nobody was looked for. */
export interface Search {
  readonly search: string;
  readonly people: readonly Colleague[] | null;
  readonly fault: Fault | null;
}

/** An open invitation of the person here; it ends at `until` (`performance.now()`). */
export interface Invitation {
  readonly subject: string;
  readonly name: string;
  /** The colleague takes the session over. */
  readonly handOver: boolean;
  readonly until: number;
}

/** Somebody who helps in this session, as the sharer's program says it. */
export interface Helper {
  readonly pair: number;
  readonly name: string;
  /** The level that stands; null before the first. */
  readonly level: Level | null;
  readonly isMe: boolean;
}

export interface ChatLine {
  readonly id: number;
  readonly mine: boolean;
  /** The name of another helper who wrote it; null if the person here or the sharer did. */
  readonly helper: string | null;
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Figures of the last seconds; those that do not exist yet are null. */
export interface Quality {
  /** Such as `wss`. */
  /** What carries; null before it stands. */
  readonly carrier: Kind | null;
  /** Why nothing better does. */
  readonly instead: Instead | null;
  readonly roundTripMs: number | null;
  readonly updatesPerSecond: number;
  readonly kilobitsPerSecond: number;
  readonly inputToPhotonP50Ms: number | null;
  readonly inputToPhotonP95Ms: number | null;
  readonly stalls: number;
  /** Good, fair, poor, or unknown before the first round trip. */
  readonly grade: "good" | "fair" | "poor" | "unknown";
  /** Why it is not good, as words for a catalogue: the line is slow, nothing is acknowledged, this computer is busy. */
  readonly why: "latency" | "stalled" | "decoding" | null;
}

/** Something that happened and that a page tells once. `serial` rises with every notice. */
export interface Notice {
  readonly serial: number;
  readonly kind:
    | "attempt_failed"
    | "check_failed"
    | "declined"
    | "input_discarded"
    | "input_not_sent"
    | "chat_refused"
    /** A colleague does not come; see `name`. */
    | "uninvited"
    | "fault";
  readonly fault?: Fault;
  /** Attempts left, events that were lost. */
  readonly count?: number;
  readonly name?: string;
  readonly level?: Level;
}

export interface SessionState {
  readonly phase: Phase;
  /** 32 hex digits, from the moment the relay made it. */
  readonly session: string | null;
  /** Eight digits, from `code` on until somebody is paired; expires at `expiresAt` (`performance.now()` of the page). */
  readonly code: { readonly digits: string; readonly expiresAt: number } | null;
  readonly attemptsLeft: number;
  readonly card: Card | null;
  /** Levels that the helper may ask for, lowest first. */
  readonly levels: readonly Level[];
  /** Whether the organisation allows the two to chat. */
  readonly mayChat: boolean;
  /** The warning about the sharer's device, if there is one. */
  readonly compliance: Compliance | null;
  /** The level that stands. */
  readonly level: Level | null;
  /** The question that the sharer has not answered yet; it ends at `until` (`performance.now()`). */
  readonly question: { readonly level: Level; readonly until: number } | null;
  /** The sharer paused picture and input. */
  readonly paused: boolean;
  /** Who is without a connection, and waited for: this program or the sharer's. */
  readonly away: "here" | "sharer" | null;
  /** Size of the picture in its own pixels; null before the first one. */
  readonly picture: { readonly width: number; readonly height: number } | null;
  /** The update that is all there is on the sharer's screen, if the screen rests. */
  readonly quiet: number | null;
  readonly outputs: readonly Output[];
  /** The monitor that is shown; null is all of them. */
  readonly output: number | null;
  /** Colleagues who could come in, as far as they were looked for. */
  readonly colleagues: Search | null;
  readonly invitations: readonly Invitation[];
  /** Who helps in this session, the person here among them, by pair. */
  readonly helpers: readonly Helper[];
  readonly chat: readonly ChatLine[];
  readonly quality: Quality | null;
  readonly notice: Notice | null;
  /** Why it ended; `fault` is null if the person here left. */
  readonly end: { readonly fault: Fault | null } | null;
}
