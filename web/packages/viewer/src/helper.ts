// The helper's session, as a machine without a page and without a socket: frames and commands in, frames and states out.

import {
  type Bytes,
  Channel,
  type Control,
  decodeCursor,
  decodeLine,
  encodeLaser,
  type FaultName,
  type Frame,
  type FromRelay,
  fault,
  faultOf,
  type Identity,
  type InputEvent,
  type LaserPlace,
  type Level,
  type Line,
  Malformed,
  type News,
  PROTOCOL,
  parseFromRelay,
  SendError,
} from "@handrail/protocol";
import { cardOf, isSame } from "./card.ts";
import { Company } from "./company.ts";
import { DeviceWarning } from "./device-warning.ts";
import { Entry } from "./entry.ts";
import { Hands } from "./hands.ts";
import type { Parts } from "./parts.ts";
import { told } from "./reason.ts";
import { Screen } from "./screen.ts";
import { Sealed } from "./sealed.ts";
import type { Shaken } from "./shaking.ts";
import { Standing } from "./standing.ts";
import type { Colleague, Fault as Told } from "./state.ts";
import { Thread } from "./thread.ts";
import { Voice } from "./voice.ts";

/** Milliseconds between reports of the figures. */
const REPORT = 10_000;

export class HelperSession {
  readonly #parts: Parts;
  readonly #voice: Voice;
  readonly #entry: Entry;
  readonly #company: Company;
  #sealed: Sealed | null = null;
  /** Who the other person is, verified. */
  #sharer: Identity | null = null;
  readonly #warning = new DeviceWarning();
  #frames: Promise<void> = Promise.resolve();
  readonly #standing = new Standing();
  readonly #screen: Screen;
  readonly #thread = new Thread();
  readonly #hands: Hands;
  #reportAt: number;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#voice = new Voice(parts);
    this.#entry = new Entry(parts, this.#voice, {
      shook: (shaken) => this.#shook(shaken),
      released: () => this.#released(),
    });
    this.#company = new Company(this.#voice, (control, then) => this.#seal(control, then));
    this.#screen = new Screen(parts, this.#voice, (control) => this.#answer(control));
    this.#hands = new Hands(parts.view);
    this.#reportAt = parts.now() + REPORT;
  }

  /** The carrier stands: says who this is. */
  hello(ticket: string): void {
    const protocol = { min: PROTOCOL, max: PROTOCOL };
    this.#voice.say({ type: "hello", protocol, role: "helper", client: this.#parts.client, ticket });
  }

  /** Takes a frame. A handshake holds up what comes behind it. */
  handleFrame(frame: Frame): void {
    this.#frames = this.#frames.then(() => (this.#voice.isOver ? undefined : this.#handle(frame)));
  }

  /** Everything that was handed in was dealt with. */
  async settled(): Promise<void> {
    await this.#frames;
    await this.#sealed?.settled();
  }

  handleTimeout(): void {
    const now = this.#parts.now();
    this.#sealed?.handleTimeout(now);
    this.#company.handleTimeout(now);
    if (now < this.#reportAt) return;
    this.#reportAt = now + REPORT;
    this.#report();
  }

  /** When `handleTimeout` has to be called next. */
  pollTimeout(): number {
    const sealed = this.#sealed?.pollTimeout() ?? Number.POSITIVE_INFINITY;
    return Math.min(this.#reportAt, this.#company.pollTimeout(), sealed);
  }

  /** The carrier is lost, and another one is dialled. */
  carrierLost(): void {
    this.#voice.tell({ away: "here" });
  }

  /** There is another carrier. */
  carrierChanged(): void {
    this.#voice.tell({ away: null });
  }

  /** The line is over. */
  lost(name: FaultName): void {
    this.#voice.end(fault(name));
  }

  // ---- Commands

  ask(level: Level): void {
    if (this.#voice.isOver) return;
    this.#voice.say({ type: "ask", level });
    const within = this.#standing.ask(level);
    // The relay closes the channels before the sharer answers; what is sent there afterwards ends the session.
    this.#stepDown(level);
    this.#voice.tell({ question: { level, until: this.#parts.now() + within * 1000 } });
  }

  /** The person read the warning about the sharer's device. */
  acknowledge(): void {
    const compliance = this.#voice.isOver ? null : this.#warning.acknowledge();
    if (compliance === null) return;
    this.#voice.say({ type: "acknowledge", pair: this.#entry.pair, state: compliance.state });
    this.#voice.tell({ compliance });
  }

  /** Sends input that happened at this time. Without a level that includes it nothing is sent. */
  act(events: readonly InputEvent[], at: number): void {
    if (!this.#standing.includesInput) return;
    this.#send((sealed, now) => this.#hands.act(sealed, events, at, now));
  }

  chat(text: string): void {
    const line = this.#thread.encode(text);
    if (line === null) {
      this.#voice.notice({ kind: "chat_refused" });
      return;
    }
    try {
      if (this.#sealed === null || this.#standing.level === null) throw new SendError("not_yet");
      this.#sealed.send(Channel.Chat, line, this.#parts.now());
      this.#thread.wrote(text);
      this.#voice.tell({ chat: this.#thread.lines });
    } catch (error) {
      this.#unsent(error);
    }
  }

  laser(place: LaserPlace): void {
    if (this.#standing.level === null) return;
    this.#send((sealed, now) => sealed.send(Channel.Pointer, encodeLaser(place), now));
  }

  showOutput(output: number | null): void {
    this.#control({ type: "show_output", output });
  }

  findColleagues(search: string): void {
    if (this.#mayInvite()) this.#company.find(search);
  }

  invite(colleague: Colleague, handOver: boolean): void {
    if (this.#mayInvite()) this.#company.invite(colleague, handOver);
  }

  uninvite(subject: string): void {
    if (this.#mayInvite()) this.#company.uninvite(subject);
  }

  leave(): void {
    if (this.#voice.isOver) return;
    this.#report();
    this.#voice.say({ type: "leave" });
    this.#voice.end(null);
  }

  // ---- Frames

  async #handle(frame: Frame): Promise<void> {
    switch (frame.kind) {
      case "sealed":
        if (frame.header.channel === Channel.Handshake) return this.#entry.handleFlight(frame);
        if (this.#sealed?.handleRecord(frame, this.#parts.now()) === false) this.#voice.fail("Protocol");
        return;
      case "credit":
        this.#sealed?.handleCredit(frame);
        this.#send((sealed, now) => this.#hands.flush(sealed, now));
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
      return this.#voice.fail("Protocol");
    }
    // What the other end said before its end is told before it.
    if (message.type === "ended") await this.#sealed?.settled();
    this.#handleMessage(message);
  }

  #handleMessage(message: FromRelay): void {
    switch (message.type) {
      case "welcome":
      case "created":
      case "claimed":
      case "unclaimed":
        this.#entry.handleMessage(message);
        return;
      case "paired":
        this.#paired(message);
        return;
      case "declined":
        this.#standing.declined();
        this.#voice.tell({ question: null });
        this.#voice.notice({ kind: "declined", level: message.level, fault: faultOf(message.fault) });
        return;
      case "granted":
        this.#granted(message.pair, message.level, message.generation);
        return;
      case "compliance":
        this.#voice.tell({ compliance: this.#warning.change(message.compliance) });
        return;
      case "rules":
        this.#voice.tell({ levels: message.levels, mayChat: message.chat ?? true });
        return;
      case "ended":
      case "refused":
        this.#voice.end(told(message));
        return;
      case "faulted":
        this.#faulted(told(message));
        return;
      case "colleagues":
      case "invited":
      case "uninvited":
        this.#company.handleMessage(message, this.#parts.now());
        return;
      case "away":
        this.#sealed?.hold();
        this.#voice.tell({ away: "sharer" });
        return;
      case "back":
        this.#sealed?.carrierChanged(message.round, this.#parts.now());
        this.#voice.tell({ away: null });
        return;
      case "resumed":
      case "invitation":
      case "invitation_gone":
      case "departed":
      case "joined":
      case "asked":
      case "withdrawn":
      case "slow_peer":
        return;
    }
  }

  /** Something was not done. Before the session begins there is nothing to go on with. */
  #faulted(reason: Told): void {
    if (!this.#entry.isBegun) {
      this.#voice.end(reason);
      return;
    }
    this.#company.refused(reason);
    this.#voice.notice({ kind: "fault", fault: reason });
  }

  // ---- Handshake

  #shook({ established, sharer }: Shaken): void {
    this.#sharer = sharer;
    this.#sealed = new Sealed(established, this.#entry.pair, this.#parts.carrier, (news) => this.#hear(news));
  }

  #released(): void {
    this.#sealed = null;
    this.#sharer = null;
  }

  #paired(message: Extract<FromRelay, { type: "paired" }>): void {
    const sharer = this.#sharer;
    if (sharer === null || !isSame(sharer, message.peer)) {
      this.#voice.say({ type: "leave" });
      this.#voice.fail(sharer === null ? "Protocol" : "PeerDiffers");
      return;
    }
    this.#entry.paired();
    const card = cardOf(sharer, message.peer, this.#parts.trust.domain);
    const compliance = this.#warning.change(message.compliance);
    const mayChat = message.chat ?? true;
    this.#voice.tell({ phase: "choosing", code: null, card, levels: message.levels, mayChat, compliance });
  }

  // ---- Levels

  /** Down holds at once; up holds when the sharer's keys for it are here, because what is sealed before would be lost. */
  #granted(pair: number, level: Level, generation: number): void {
    if (pair !== this.#entry.pair) return;
    this.#stepDown(level);
    this.#standing.granted(level, generation);
    this.#takeGrant();
  }

  #stepDown(level: Level): void {
    if (!this.#standing.stepDown(level)) return;
    this.#hands.forget();
    this.#voice.tell({ level });
    const count = this.#sealed?.discardInput(this.#parts.now()) ?? 0;
    if (count > 0) this.#voice.notice({ kind: "input_not_sent", count });
  }

  #takeGrant(): void {
    const taken = this.#sealed === null ? null : this.#standing.take(this.#sealed.generation);
    if (taken === null) return;
    this.#voice.tell({ phase: "live", level: taken.level });
    if (taken.isAnswered) this.#voice.tell({ question: null });
  }

  // ---- What the sharer says

  #hear(news: News): void {
    if (this.#voice.isOver) return;
    switch (news.type) {
      case "message":
        this.#open(news.channel, news.message);
        return;
      case "control":
        this.#obey(news.control);
        return;
      case "generation":
        this.#takeGrant();
        return;
      case "resumed":
        this.#send((sealed, now) => this.#hands.flush(sealed, now));
        return;
      case "input_given_up":
        this.#voice.notice({ kind: "input_not_sent", count: news.records });
        return;
      case "lost":
        this.#voice.fail("PeerLost");
        return;
      default:
        // The end asked for new keys by itself; the rest concerns sharers.
        return;
    }
  }

  #open(channel: Channel, message: Bytes): void {
    try {
      if (channel === Channel.Picture) this.#screen.show(message);
      else if (channel === Channel.Chat) this.#heard(decodeLine(message));
      else if (channel === Channel.Cursor) this.#parts.view.cursor(decodeCursor(message));
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
    }
  }

  #obey(control: Control): void {
    switch (control.type) {
      case "pause":
        this.#voice.tell({ paused: control.on });
        return;
      case "quiet":
        this.#screen.rest(control.update);
        return;
      case "input_discarded":
        this.#voice.notice({ kind: "input_discarded", count: control.events });
        return;
      case "outputs":
        this.#voice.tell({ outputs: control.outputs, output: control.shown });
        return;
      case "helpers":
        this.#company.present(control.helpers, this.#entry.pair);
        return;
      default:
        return;
    }
  }

  // ---- Telling

  #control(control: Control): void {
    this.#send((sealed, now) => sealed.control(control, now));
  }

  /** Says something about the picture. What arrived is acknowledged before. */
  #answer(control: Control): void {
    this.#sealed?.flushAcks(this.#parts.now());
    this.#control(control);
  }

  /** Seals a message, and calls back once it is on its way. */
  #seal(control: Control, then: () => void): void {
    this.#send((sealed, now) => {
      sealed.control(control, now);
      void sealed.settled().then(() => {
        if (!this.#voice.isOver) then();
      });
    });
  }

  /** Colleagues come in where a level stands. */
  #mayInvite(): boolean {
    if (this.#voice.isOver) return false;
    if (this.#standing.level === null) this.#unsent(new SendError("not_yet"));
    return this.#standing.level !== null;
  }

  /** Before there are keys nothing is sent. */
  #send(send: (sealed: Sealed, now: number) => void): void {
    try {
      if (this.#sealed !== null) send(this.#sealed, this.#parts.now());
    } catch (error) {
      this.#unsent(error);
    }
  }

  #unsent(error: unknown): void {
    if (!(error instanceof SendError)) throw error;
    this.#voice.notice({ kind: "fault", fault: fault("NotNow") });
  }

  #heard(line: Line): void {
    this.#thread.heard(line, line.author === null ? null : this.#company.nameOf(line.author));
    this.#voice.tell({ chat: this.#thread.lines });
  }

  #report(): void {
    if (this.#standing.level === null) return;
    this.#voice.say({
      type: "quality",
      pair: this.#entry.pair,
      quality: this.#parts.view.quality.figures(this.#parts.now()),
    });
  }
}
