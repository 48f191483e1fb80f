// One helper of the session: keys, consent, grant, and how much of the picture is under way.

import {
  type Bytes,
  Channel,
  type Control,
  type Credit,
  type Envelope,
  encodeVideo,
  type Identity,
  type News,
  SendError,
  SharerEnd,
  toHex,
  type VideoFrameBytes,
} from "@handrail/protocol";
import { type Card, type FrameCarrier, Sealed } from "@handrail/viewer/end";
import { Gate } from "./gate.ts";
import type { Invitation } from "./invitations.ts";
import { Pace } from "./pace.ts";
import type { Shaken } from "./shaking.ts";
import type { Dot, Question, Helper as Shown } from "./state.ts";

/** Milliseconds between challenges. */
export const CHALLENGE_EVERY = 10_000;
/** Milliseconds: a helper who takes no frame for this long holds nobody else up. */
const PATIENCE = 1000;

/** Which session, in which organisation. */
export interface Setting {
  readonly tenant: string;
  readonly session: string;
}

export class Helper {
  readonly pair: number;
  readonly identity: Identity;
  readonly hash: Bytes;
  readonly key: Bytes;
  readonly gate: Gate;
  readonly invitation: Invitation | null;
  readonly #sealed: Sealed;
  readonly #end: SharerEnd;
  readonly #pace = new Pace();
  /** Null before the relay agrees who this is. */
  card: Card | null = null;
  isFirstContact = true;
  /** The sharer's count of consents. */
  generation = 0;
  /** Whether a level stands. */
  isGranted = false;
  question: Question | null = null;
  dot: Dot | null = null;
  challengeAt: number | null = null;
  /** Whether the connection of the helper was lost, and is waited for. */
  isAway = false;
  /** The next frame has to be one that needs none before it. */
  needsKey = true;
  #readyAt = 0;

  constructor(
    setting: Setting,
    pair: number,
    { established, helper }: Shaken,
    carrier: FrameCarrier,
    invitation: Invitation | null,
    tell: (news: News) => void,
  ) {
    const { hash, peerKey } = established;
    this.pair = pair;
    this.identity = helper;
    this.invitation = invitation;
    [this.hash, this.key] = [hash, peerKey];
    this.gate = new Gate({ ...setting, pair, hash: toHex(hash), helperKey: toHex(peerKey) });
    let end: SharerEnd | null = null;
    this.#sealed = new Sealed(established, pair, carrier, tell, (...parts) => {
      end = new SharerEnd(...parts);
      return end;
    });
    if (end === null) throw new TypeError("no end was made");
    this.#end = end;
  }

  /** For the page. */
  get shown(): Shown | null {
    const { pair, card, isFirstContact, question, dot, invitation } = this;
    if (card === null) return null;
    const invited = { invitedBy: invitation?.by.name ?? null, handOver: invitation?.handOver ?? false };
    return { pair, card, isFirstContact, ...invited, isViewing: this.isGranted, isAway: this.isAway, question, dot };
  }

  // ---- Sealed records

  /** False if the peer ignores credit. */
  handleRecord(envelope: Envelope, now: number): boolean {
    return this.#sealed.handleRecord(envelope, now);
  }

  handleCredit(credit: Credit): void {
    this.#sealed.handleCredit(credit);
  }

  settled(): Promise<void> {
    return this.#sealed.settled();
  }

  /** What cannot be sealed yet means nothing to the helper either. False if it was not. */
  control(control: Control, now: number): boolean {
    return this.#trying(() => this.#sealed.control(control, now));
  }

  chat(line: Bytes, now: number): boolean {
    return this.isGranted && this.#trying(() => this.#sealed.send(Channel.Chat, line, now));
  }

  /** Begins the generation of a grant, unless it runs already. */
  begin(generation: number, now: number): boolean {
    if (generation <= this.#sealed.generation) return false;
    this.#end.begin(generation, crypto.getRandomValues(new Uint8Array(32)), now);
    return true;
  }

  /** A consent was answered by nothing: the count has moved on. */
  get isBehind(): boolean {
    return this.isGranted && this.generation > this.#sealed.generation;
  }

  handleTimeout(now: number): void {
    this.#sealed.handleTimeout(now);
  }

  pollTimeout(): number {
    return Math.min(
      this.#sealed.pollTimeout() ?? Number.POSITIVE_INFINITY,
      this.challengeAt ?? Number.POSITIVE_INFINITY,
    );
  }

  /** The connection of the helper was lost, and is waited for. */
  away(): void {
    this.isAway = true;
    this.#sealed.hold();
  }

  /** One of the two ends is on another carrier: what is missing is asked for, and the grant that stands is renewed at once. */
  back(round: number, now: number): void {
    this.isAway = false;
    this.#sealed.carrierChanged(round, now);
    if (this.challengeAt !== null) this.challengeAt = now;
  }

  // ---- Picture

  /** Whether the helper may see the screen now. */
  shows(now: number): boolean {
    return this.isGranted && this.gate.shows(now);
  }

  /** Whether another frame would leave at once. */
  takes(now: number): boolean {
    const isReady = this.shows(now) && this.#pace.isOpen && this.#sealed.room(Channel.Picture);
    if (isReady) this.#readyAt = now;
    return isReady;
  }

  /** Whether the others have to wait for this one. */
  holdsUp(now: number): boolean {
    return this.shows(now) && !this.takes(now) && now < this.#readyAt + PATIENCE;
  }

  /** Sends a frame, or does without it and begins afresh later. */
  show(frame: VideoFrameBytes, now: number): void {
    if (this.needsKey && !frame.key) return;
    if (!this.takes(now)) {
      this.needsKey = true;
      return;
    }
    const isSent = encodeVideo(frame).every((part) =>
      this.#trying(() => this.#sealed.send(Channel.Picture, part, now)),
    );
    this.needsKey = !isSent;
    if (isSent) this.#pace.sent(this.#sealed.next(Channel.Picture), now);
  }

  acknowledged(next: bigint, now: number): void {
    this.#pace.acknowledged(next, now);
  }

  /** The picture begins afresh: what is under way is given up. */
  restart(now: number): void {
    this.needsKey = true;
    this.#pace.restart();
    this.control({ type: "skip", channel: Channel.Picture, to: Number(this.#sealed.next(Channel.Picture)) }, now);
  }

  #trying(send: () => void): boolean {
    try {
      send();
      return true;
    } catch (error) {
      if (!(error instanceof SendError)) throw error;
      return false;
    }
  }
}
