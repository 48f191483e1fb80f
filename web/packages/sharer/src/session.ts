// The sharer's session, as a machine without a page, a socket and a screen: frames, commands and coded pictures in, frames and
// states out. View only: see SharerEnd, Gate and Levels.

import {
  type Bytes,
  Channel,
  type Control,
  decodeLaser,
  decodeLine,
  type FaultName,
  type Frame,
  type FromRelay,
  fault,
  Malformed,
  type News,
  PROTOCOL,
  parseFromRelay,
  type VideoFrameBytes,
} from "@handrail/protocol";
import { cardOf, isSame, line, Thread, told } from "@handrail/viewer/end";
import { Entry } from "./entry.ts";
import { Helper } from "./helper.ts";
import type { Invitation } from "./invitations.ts";
import { Levels } from "./levels.ts";
import type { Parts } from "./parts.ts";
import type { Shaken } from "./shaking.ts";
import { Voice } from "./voice.ts";

/** Milliseconds of the longest sleep. */
const IDLE = 60_000;

export class SharerSession {
  readonly #parts: Parts;
  readonly #voice: Voice;
  readonly #entry: Entry;
  readonly #levels: Levels;
  readonly #helpers = new Map<number, Helper>();
  readonly #thread = new Thread();
  #isPaused = false;
  /** What the helpers were told of each other last. */
  #roster = "[]";
  #work: Promise<void> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#voice = new Voice(parts);
    this.#levels = new Levels(parts, this.#voice);
    const helpers = this.#helpers;
    this.#entry = new Entry(parts, this.#voice, {
      get pairs() {
        return [...helpers.keys()];
      },
      shook: (pair, shaken, invitation) => this.#shook(pair, shaken, invitation),
    });
  }

  /** The carrier stands: says who this is. */
  hello(ticket: string): void {
    const protocol = { min: PROTOCOL, max: PROTOCOL };
    this.#voice.say({ type: "hello", protocol, role: "sharer", client: this.#parts.client, ticket });
  }

  /** Takes a frame. What needs time holds up what comes behind it. */
  handleFrame(frame: Frame): void {
    this.#then(() => this.#handle(frame));
  }

  /** Everything that was handed in was dealt with. */
  async settled(): Promise<void> {
    await this.#work;
    for (const helper of this.#helpers.values()) await helper.settled();
  }

  handleTimeout(): void {
    const now = this.#parts.now();
    for (const helper of this.#helpers.values()) {
      helper.handleTimeout(now);
      if (helper.challengeAt !== null && now >= helper.challengeAt) this.#levels.challenge(helper);
    }
  }

  /** When `handleTimeout` has to be called next. */
  pollTimeout(): number {
    const deadlines = [...this.#helpers.values()].map((helper) => helper.pollTimeout());
    return Math.min(this.#parts.now() + IDLE, ...deadlines);
  }

  /** The carrier is lost, and another one is dialled. */
  carrierLost(): void {
    this.#voice.tell({ isAway: true });
  }

  /** There is another carrier. */
  carrierChanged(): void {
    this.#voice.tell({ isAway: false });
  }

  /** The line is over. */
  lost(name: FaultName): void {
    this.#end(() => this.#voice.end(fault(name)));
  }

  // ---- Commands

  join(typed: string): void {
    this.#then(() => this.#entry.join(typed));
  }

  /** The person allows this helper to see the screen, having read this text. */
  allow(pair: number, shown: string): void {
    this.#with(pair, async (helper) => {
      const { setting } = this.#entry;
      if (setting === null) return;
      const isAllowed = await this.#levels.allow(setting, helper, shown);
      if (!isAllowed) this.#voice.notice({ kind: "fault", fault: fault("FirstContact") });
    });
  }

  decline(pair: number): void {
    this.#with(pair, (helper) => this.#levels.decline(helper));
  }

  /** Shows nothing until it goes on. */
  pause(on: boolean): void {
    this.#isPaused = on;
    for (const helper of this.#helpers.values()) if (helper.card !== null) this.#tellPause(helper);
    this.#voice.tell({ isPaused: on });
    if (!on) this.#parts.wake();
  }

  chat(text: string): void {
    const message = this.#thread.encode(text);
    if (message === null) {
      this.#voice.notice({ kind: "chat_refused" });
      return;
    }
    const heard = [...this.#helpers.values()].filter((helper) => helper.chat(message, this.#parts.now()));
    if (heard.length === 0) {
      this.#voice.notice({ kind: "fault", fault: fault("NotNow") });
      return;
    }
    this.#thread.wrote(text);
    this.#voice.tell({ chat: this.#thread.lines });
  }

  /** One helper has to go; the last one ends the session. */
  dismiss(pair: number): void {
    if (this.#helpers.size < 2) {
      this.leave();
      return;
    }
    const helper = this.#helpers.get(pair);
    if (helper === undefined) return;
    helper.gate.shut();
    this.#voice.say({ type: "dismiss", pair });
    this.#departed(pair);
  }

  /** Tells the organisation's administrators that something is wrong with this helper. */
  report(pair: number): void {
    if (this.#voice.isOver) return;
    this.#voice.say({ type: "report", pair });
    this.leave();
  }

  leave(): void {
    this.#end(() => {
      this.#voice.say({ type: "leave" });
      this.#voice.end(null);
    });
  }

  /** The screen cannot be shared: the person chose none, or the browser took it away. */
  unable(name: FaultName): void {
    this.#voice.notice({ kind: "fault", fault: fault(name) });
  }

  // ---- Picture

  /** Whether a frame should be coded now: somebody takes it, and nobody who will in a moment waits. */
  get isOpen(): boolean {
    if (this.#isPaused || this.#voice.isOver) return false;
    const now = this.#parts.now();
    const helpers = [...this.#helpers.values()];
    return helpers.some((helper) => helper.takes(now)) && !helpers.some((helper) => helper.holdsUp(now));
  }

  /** Whether somebody cannot go on without a frame that needs none before it. */
  get needsKey(): boolean {
    const now = this.#parts.now();
    return !this.#isPaused && [...this.#helpers.values()].some((helper) => helper.needsKey && helper.shows(now));
  }

  show(frame: VideoFrameBytes): void {
    if (this.#isPaused || this.#voice.isOver) return;
    const now = this.#parts.now();
    for (const helper of this.#helpers.values()) if (helper.shows(now)) helper.show(frame, now);
    const { width, height } = frame;
    if (frame.key) this.#voice.tell({ picture: { width, height } });
  }

  /** Nothing has changed on the screen since this frame. */
  rest(update: number): void {
    const now = this.#parts.now();
    for (const helper of this.#helpers.values()) {
      if (helper.shows(now) && !helper.needsKey) helper.control({ type: "quiet", update }, now);
    }
  }

  // ---- Frames

  async #handle(frame: Frame): Promise<void> {
    switch (frame.kind) {
      case "sealed":
        if (frame.header.channel === Channel.Handshake) return this.#entry.handleFlight(frame);
        if (this.#helpers.get(frame.header.pair)?.handleRecord(frame, this.#parts.now()) === false)
          this.#fail("Protocol");
        return;
      case "credit":
        this.#helpers.get(frame.pair)?.handleCredit(frame);
        this.#parts.wake();
        return;
      case "message":
        return this.#read(frame.text);
      default:
        return;
    }
  }

  async #read(text: Bytes): Promise<void> {
    let message: FromRelay;
    try {
      message = parseFromRelay(text);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      return this.#fail("Protocol");
    }
    // What the helpers said before the end is told before it.
    if (message.type === "ended") for (const helper of this.#helpers.values()) await helper.settled();
    await this.#handleMessage(message);
    this.#tellHelpers();
  }

  async #handleMessage(message: FromRelay): Promise<void> {
    switch (message.type) {
      case "welcome":
        this.#parts.carrier.welcomed(message.line, message.keep);
        this.#voice.tell({ phase: "code", me: line(message.you.name) });
        return;
      case "joined":
        return this.#entry.joined(message);
      case "paired":
        return this.#paired(message);
      case "rules":
        this.#voice.tell({ mayChat: message.chat ?? true });
        return;
      case "asked":
        this.#known(message.pair, (helper) => this.#levels.asked(helper, message));
        return;
      case "withdrawn":
        this.#known(message.pair, (helper) => {
          helper.question = null;
        });
        return;
      case "granted":
        return this.#granted(message.pair, message.token);
      case "slow_peer":
        this.#known(message.pair, (helper) => helper.restart(this.#parts.now()));
        this.#parts.wake();
        return;
      case "away":
        this.#helpers.get(message.pair)?.away();
        return;
      case "back":
        this.#helpers.get(message.pair)?.back(message.round, this.#parts.now());
        return;
      case "departed":
        this.#entry.departed(message.pair);
        this.#gone(message.pair);
        return;
      case "ended":
      case "refused":
        this.#end(() => this.#voice.end(told(message)));
        return;
      case "faulted":
        return this.#faulted(message);
      default:
        return;
    }
  }

  /** After a code that was not taken the person may type another; after a consent that was not, the count has moved on. */
  async #faulted(message: Extract<FromRelay, { type: "faulted" }>): Promise<void> {
    this.#entry.refused();
    this.#voice.notice({ kind: "fault", fault: told(message) });
    const { setting } = this.#entry;
    if (setting === null || message.fault !== "RH-1204") return;
    for (const helper of this.#helpers.values()) if (helper.isBehind) await this.#levels.renew(setting, helper);
  }

  #shook(pair: number, shaken: Shaken, invitation: Invitation | null): void {
    const { setting } = this.#entry;
    if (setting === null) return;
    const helper = new Helper(setting, pair, shaken, this.#parts.carrier, invitation, (news) =>
      this.#hear(helper, news),
    );
    this.#helpers.set(pair, helper);
  }

  /** The relay agrees who the helper is: the person may be shown who it is. */
  async #paired({ pair, peer, chat }: Extract<FromRelay, { type: "paired" }>): Promise<void> {
    const helper = this.#helpers.get(pair);
    if (helper === undefined) return this.#fail("Protocol");
    if (!isSame(helper.identity, peer)) {
      this.#voice.say({ type: "leave" });
      return this.#fail("PeerDiffers");
    }
    helper.isFirstContact = !(await this.#parts.contacts.knows(helper.identity));
    helper.card = cardOf(helper.identity, peer, this.#parts.trust.domain);
    this.#voice.tell({ mayChat: chat ?? true });
  }

  async #granted(pair: number, token: string): Promise<void> {
    const helper = this.#helpers.get(pair);
    if (helper === undefined || !(await this.#levels.granted(helper, token))) return;
    if (this.#isPaused) this.#tellPause(helper);
    this.#parts.wake();
  }

  // ---- What helpers say

  #hear(helper: Helper, news: News): void {
    if (this.#voice.isOver) return;
    switch (news.type) {
      case "message":
        this.#open(helper, news.channel, news.message);
        return;
      case "control":
        this.#obey(helper, news.control);
        return;
      case "acknowledged":
        helper.acknowledged(news.next, this.#parts.now());
        this.#parts.wake();
        return;
      case "restart_picture":
        this.#restart(helper);
        return;
      case "resumed":
        this.#parts.wake();
        return;
      case "keys_wear":
        this.#with(helper.pair, async () => {
          const { setting } = this.#entry;
          if (setting !== null) await this.#levels.renew(setting, helper);
        });
        return;
      case "lost":
        if (this.#helpers.size > 1) this.dismiss(helper.pair);
        else this.#fail("PeerLost");
        return;
      default:
        return;
    }
  }

  #open(helper: Helper, channel: Channel, message: Bytes): void {
    try {
      if (channel === Channel.Chat) this.#heard(helper, message);
      else if (channel === Channel.Pointer) {
        const { on, x, y, colour } = decodeLaser(message);
        helper.dot = on ? { x, y, colour } : null;
        this.#tellHelpers();
      }
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
    }
  }

  #obey(helper: Helper, control: Control): void {
    switch (control.type) {
      case "reset":
        this.#restart(helper);
        return;
      case "invite": {
        const by = { pair: helper.pair, name: helper.identity.name };
        this.#entry.invitations.open({ by, subject: control.subject, handOver: control.hand_over }, this.#parts.now());
        this.#voice.notice({ kind: "invited", name: line(control.name) });
        return;
      }
      case "uninvite":
        this.#entry.invitations.close(helper.pair, control.subject);
        return;
      default:
        return;
    }
  }

  #restart(helper: Helper): void {
    helper.restart(this.#parts.now());
    this.#parts.wake();
  }

  /** A line of one helper, for the person and for the other helpers. */
  #heard(helper: Helper, message: Bytes): void {
    const { id, text } = decodeLine(message);
    const isAlone = this.#helpers.size === 1;
    this.#thread.heard({ id, author: null, text }, isAlone ? null : line(helper.identity.name));
    this.#voice.tell({ chat: this.#thread.lines });
    if (isAlone) return;
    const passed = this.#thread.passOn(helper.pair, text);
    if (passed === null) return;
    for (const other of this.#helpers.values()) if (other !== helper) other.chat(passed, this.#parts.now());
  }

  // ---- Telling

  /** Who is here: the page, and the helpers themselves, when it has changed. */
  #tellHelpers(): void {
    if (this.#voice.isOver) return;
    const helpers = [...this.#helpers.values()];
    const shown = helpers.map((helper) => helper.shown).filter((helper) => helper !== null);
    const phase = shown.some(({ isViewing }) => isViewing) ? "live" : "meeting";
    this.#voice.tell({ helpers: shown, ...(shown.length > 0 && { phase }) });
    const present = helpers.filter(({ isGranted, question }) => isGranted || question !== null);
    const roster = present.map(({ pair, identity, isGranted }) => {
      return { pair, name: line(identity.name), level: isGranted ? ("view" as const) : null };
    });
    if (JSON.stringify(roster) === this.#roster) return;
    this.#roster = JSON.stringify(roster);
    for (const helper of helpers) {
      if (helper.card !== null) helper.control({ type: "helpers", helpers: roster }, this.#parts.now());
    }
  }

  #tellPause(helper: Helper): void {
    helper.control({ type: "pause", on: this.#isPaused }, this.#parts.now());
  }

  /** A helper is gone, the session goes on with the others. */
  #gone(pair: number): void {
    const name = this.#helpers.get(pair)?.card?.name;
    if (name !== undefined) this.#voice.notice({ kind: "departed", name });
    this.#departed(pair);
  }

  #departed(pair: number): void {
    this.#helpers.delete(pair);
    this.#tellHelpers();
  }

  #fail(name: FaultName): void {
    this.#end(() => this.#voice.fail(name));
  }

  /** The gates shut before anything is told. */
  #end(tell: () => void): void {
    if (this.#voice.isOver) return;
    for (const helper of this.#helpers.values()) helper.gate.shut();
    tell();
    this.#parts.wake();
  }

  #known(pair: number, work: (helper: Helper) => void): void {
    const helper = this.#helpers.get(pair);
    if (helper !== undefined && helper.card !== null) work(helper);
  }

  /** Does something about a helper, behind what is under way. */
  #with(pair: number, work: (helper: Helper) => void | Promise<void>): void {
    this.#then(async () => {
      const helper = this.#helpers.get(pair);
      if (helper !== undefined) await work(helper);
      this.#tellHelpers();
    });
  }

  #then(work: () => void | Promise<void>): void {
    this.#work = this.#work.then(() => (this.#voice.isOver ? undefined : work()));
  }
}
