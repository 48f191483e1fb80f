// The helper's session, as a machine without a page and without a socket: frames and commands in, frames and states out.

import {
  type Bytes,
  Channel,
  type Control,
  decodeCursor,
  decodeLine,
  type Envelope,
  encodeLaser,
  encodeMessage,
  type FaultName,
  type Frame,
  type FromRelay,
  fault,
  faultOf,
  flight,
  fromHex,
  HandshakeError,
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
  type ToRelay,
  toHex,
} from "@handrail/protocol";
import { cardOf, isSame } from "./card.ts";
import { PictureError } from "./defect.ts";
import { DeviceWarning } from "./device-warning.ts";
import { Hands } from "./hands.ts";
import type { Parts } from "./parts.ts";
import { failedBy, told } from "./reason.ts";
import { Sealed } from "./sealed.ts";
import { type Shaken, Shaking } from "./shaking.ts";
import { Standing } from "./standing.ts";
import type { Notice, SessionState, Fault as Told } from "./state.ts";
import { Thread } from "./thread.ts";

/** Milliseconds between reports of the figures. */
const REPORT = 10_000;
/** Milliseconds between requests for a fresh picture (SPEC 7.1). */
const RESET = 2000;

export class HelperSession {
  readonly #parts: Parts;
  #shaking: Shaking | null = null;
  #sealed: Sealed | null = null;
  /** Who the other person is, verified. */
  #sharer: Identity | null = null;
  readonly #warning = new DeviceWarning();
  #frames: Promise<void> = Promise.resolve();
  #pair = 0;
  #flights = 0n;
  readonly #standing = new Standing();
  #quiet: number | null = null;
  readonly #thread = new Thread();
  #notices = 0;
  readonly #hands: Hands;
  #reportAt: number;
  #resetAt = Number.NEGATIVE_INFINITY;
  #isOver = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#hands = new Hands(parts.view);
    this.#reportAt = parts.now() + REPORT;
  }

  /** The carrier stands: says who this is. */
  hello(ticket: string): void {
    const protocol = { min: PROTOCOL, max: PROTOCOL };
    this.#say({ type: "hello", protocol, role: "helper", client: this.#parts.client, ticket });
  }

  /** Takes a frame. A handshake holds up what comes behind it. */
  handleFrame(frame: Frame): void {
    this.#frames = this.#frames.then(() => (this.#isOver ? undefined : this.#handle(frame)));
  }

  /** Everything that was handed in was dealt with. */
  async settled(): Promise<void> {
    await this.#frames;
    await this.#sealed?.settled();
  }

  handleTimeout(): void {
    const now = this.#parts.now();
    this.#sealed?.handleTimeout(now);
    if (now < this.#reportAt) return;
    this.#reportAt = now + REPORT;
    this.#report();
  }

  /** When `handleTimeout` has to be called next. */
  pollTimeout(): number {
    return Math.min(this.#reportAt, this.#sealed?.pollTimeout() ?? Number.POSITIVE_INFINITY);
  }

  /** The carrier is gone. */
  lost(name: FaultName): void {
    this.#end(fault(name));
  }

  // ---- Commands

  ask(level: Level): void {
    if (this.#isOver) return;
    this.#say({ type: "ask", level });
    const within = this.#standing.ask(level);
    // The relay closes the channels before the sharer answers; what is sent there afterwards ends the session.
    this.#stepDown(level);
    this.#tell({ question: { level, until: this.#parts.now() + within * 1000 } });
  }

  /** The person read the warning about the sharer's device. */
  acknowledge(): void {
    const compliance = this.#isOver ? null : this.#warning.acknowledge();
    if (compliance === null) return;
    this.#say({ type: "acknowledge", pair: this.#pair, state: compliance.state });
    this.#tell({ compliance });
  }

  /** Sends input that happened at this time. Without a level that includes it nothing is sent. */
  act(events: readonly InputEvent[], at: number): void {
    if (!this.#standing.includesInput) return;
    this.#send((sealed, now) => this.#hands.act(sealed, events, at, now));
  }

  chat(text: string): void {
    const line = this.#thread.encode(text);
    if (line === null) {
      this.#notice({ kind: "chat_refused" });
      return;
    }
    try {
      if (this.#sealed === null || this.#standing.level === null) throw new SendError("not_yet");
      this.#sealed.send(Channel.Chat, line, this.#parts.now());
      this.#thread.wrote(text);
      this.#tell({ chat: this.#thread.lines });
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

  leave(): void {
    if (this.#isOver) return;
    this.#report();
    this.#say({ type: "leave" });
    this.#end(null);
  }

  // ---- Frames

  async #handle(frame: Frame): Promise<void> {
    switch (frame.kind) {
      case "sealed":
        if (frame.header.channel === Channel.Handshake) return this.#handleFlight(frame);
        if (this.#sealed?.handleRecord(frame, this.#parts.now()) === false) this.#fail("Protocol");
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
      return this.#fail("Protocol");
    }
    // What the other end said before its end is told before it.
    if (message.type === "ended") await this.#sealed?.settled();
    this.#handleMessage(message);
  }

  #handleMessage(message: FromRelay): void {
    switch (message.type) {
      case "welcome": {
        const { reason, incident } = this.#parts;
        this.#say({ type: "create", ...(reason && { reason }), ...(incident && { incident }) });
        return;
      }
      case "created":
        this.#created(message.session, message.routing, message.expires_in);
        return;
      case "claimed":
        this.#pair = message.pair;
        this.#shaking?.claim(message.tenant);
        this.#tell({ phase: "checking" });
        return;
      case "unclaimed":
        this.#unclaimed();
        return;
      case "paired":
        this.#paired(message);
        return;
      case "declined":
        this.#standing.declined();
        this.#tell({ question: null });
        this.#notice({ kind: "declined", level: message.level, fault: faultOf(message.fault) });
        return;
      case "granted":
        this.#granted(message.pair, message.level, message.generation);
        return;
      case "compliance":
        this.#tell({ compliance: this.#warning.change(message.compliance) });
        return;
      case "rules":
        this.#tell({ levels: message.levels, mayChat: message.chat ?? true });
        return;
      case "ended":
        this.#end(told(message));
        return;
      case "refused":
        this.#end(told(message));
        return;
      case "faulted":
        this.#faulted(told(message));
        return;
      case "joined":
      case "asked":
      case "withdrawn":
      case "slow_peer":
        return;
    }
  }

  /** Something was not done. Before there is a code there is nothing to go on with. */
  #faulted(reason: Told): void {
    if (this.#shaking === null && this.#sealed === null) this.#end(reason);
    else this.#notice({ kind: "fault", fault: reason });
  }

  // ---- Code and handshake

  #created(session: string, routing: string, expiresIn: number): void {
    const shaking = new Shaking(fromHex(session, 16) ?? new Uint8Array(16), routing, this.#parts.trust);
    this.#shaking = shaking;
    const code = { digits: shaking.digits, expiresAt: this.#parts.now() + expiresIn * 1000 };
    this.#tell({ phase: "code", session, code, attemptsLeft: shaking.left });
  }

  async #handleFlight(envelope: Envelope): Promise<void> {
    if (this.#shaking === null) return;
    try {
      const answer = await this.#shaking.handleFlight(envelope.sealed, this.#parts.client);
      if (answer === null || this.#isOver) return;
      this.#parts.carrier.send(flight(this.#pair, this.#flights, answer.flight));
      this.#flights += 1n;
      if (answer.shaken !== null) this.#shook(answer.shaken);
    } catch (error) {
      if (!(error instanceof HandshakeError)) throw error;
      this.#shakeFailed(error);
    }
  }

  #shook({ established, sharer }: Shaken): void {
    this.#sharer = sharer;
    this.#sealed = new Sealed(established, this.#pair, this.#parts.carrier, (news) => this.#hear(news));
    const keys = { helper_key: this.#parts.trust.helperKey, sharer_key: toHex(sharer.ed25519) };
    this.#say({ type: "shook", pair: this.#pair, hash: toHex(established.hash), ...keys });
  }

  #shakeFailed(error: HandshakeError): void {
    const left = this.#shaking?.left ?? 0;
    const burned = left === 0;
    const name = failedBy(error, burned);
    this.#sealed = null;
    this.#sharer = null;
    this.#tell({ attemptsLeft: left });
    this.#notice({
      kind: burned || error.why === "version" ? "check_failed" : "attempt_failed",
      fault: fault(name),
      count: left,
    });
    this.#say({ type: "shake_failed", pair: this.#pair, burned });
    if (burned) this.#fail(name);
  }

  /** The sharer is gone before it proved the code, or could not. */
  #unclaimed(): void {
    this.#sealed = null;
    this.#sharer = null;
    this.#flights = 0n;
    if (this.#shaking === null) return;
    this.#shaking.release();
    const { left } = this.#shaking;
    this.#tell({ phase: "code", attemptsLeft: left });
    if (left === 0) this.#shakeFailed(new HandshakeError("burned"));
  }

  #paired(message: Extract<FromRelay, { type: "paired" }>): void {
    const sharer = this.#sharer;
    if (sharer === null || !isSame(sharer, message.peer)) {
      this.#say({ type: "leave" });
      this.#fail(sharer === null ? "Protocol" : "PeerDiffers");
      return;
    }
    this.#shaking = null;
    const card = cardOf(sharer, message.peer, this.#parts.trust.domain);
    const compliance = this.#warning.change(message.compliance);
    const mayChat = message.chat ?? true;
    this.#tell({ phase: "choosing", code: null, card, levels: message.levels, mayChat, compliance });
  }

  // ---- Levels

  /** Down holds at once; up holds when the sharer's keys for it are here, because what is sealed before would be lost. */
  #granted(pair: number, level: Level, generation: number): void {
    if (pair !== this.#pair) return;
    this.#stepDown(level);
    this.#standing.granted(level, generation);
    this.#takeGrant();
  }

  #stepDown(level: Level): void {
    if (!this.#standing.stepDown(level)) return;
    this.#hands.forget();
    this.#tell({ level });
    const count = this.#sealed?.discardInput(this.#parts.now()) ?? 0;
    if (count > 0) this.#notice({ kind: "input_not_sent", count });
  }

  #takeGrant(): void {
    const taken = this.#sealed === null ? null : this.#standing.take(this.#sealed.generation);
    if (taken === null) return;
    this.#tell({ phase: "live", level: taken.level });
    if (taken.isAnswered) this.#tell({ question: null });
  }

  // ---- What the sharer says

  #hear(news: News): void {
    if (this.#isOver) return;
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
      case "input_given_up":
        this.#notice({ kind: "input_not_sent", count: news.records });
        return;
      case "lost":
        this.#fail("PeerLost");
        return;
      default:
        // The end asked for new keys by itself; the rest concerns sharers.
        return;
    }
  }

  #open(channel: Channel, message: Bytes): void {
    try {
      if (channel === Channel.Picture) this.#show(message);
      else if (channel === Channel.Chat) this.#heard(decodeLine(message));
      else if (channel === Channel.Cursor) this.#parts.view.cursor(decodeCursor(message));
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
    }
  }

  #obey(control: Control): void {
    switch (control.type) {
      case "pause":
        this.#tell({ paused: control.on });
        return;
      case "quiet":
        this.#rest(control.update);
        return;
      case "input_discarded":
        this.#notice({ kind: "input_discarded", count: control.events });
        return;
      case "outputs":
        this.#tell({ outputs: control.outputs, output: control.shown });
        return;
      default:
        return;
    }
  }

  #show(slice: Bytes): void {
    const { view } = this.#parts;
    try {
      const shown = view.show(slice, this.#parts.now());
      if (shown === null) return;
      if (this.#quiet !== null) this.#rest(null);
      void shown.then(({ update, resized }) => {
        if (this.#isOver) return;
        this.#sealed?.flushAcks(this.#parts.now());
        this.#control({ type: "painted", update });
        if (resized !== null) this.#tell({ picture: resized });
        this.#parts.painted(update);
      });
    } catch (error) {
      if (!(error instanceof PictureError)) throw error;
      this.#restartPicture();
    }
  }

  /** The screen rests since this update, or it does not. */
  #rest(update: number | null): void {
    this.#quiet = update;
    this.#tell({ quiet: update });
  }

  /** The picture cannot go on; slices that were under way are refused until a fresh one begins. */
  #restartPicture(): void {
    const now = this.#parts.now();
    if (now < this.#resetAt + RESET) return;
    this.#resetAt = now;
    this.#notice({ kind: "fault", fault: fault("PictureBroken") });
    this.#control({ type: "reset" });
  }

  // ---- Telling

  #control(control: Control): void {
    this.#send((sealed, now) => sealed.control(control, now));
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
    this.#notice({ kind: "fault", fault: fault("NotNow") });
  }

  #heard(line: Line): void {
    this.#thread.heard(line);
    this.#tell({ chat: this.#thread.lines });
  }

  #report(): void {
    if (this.#standing.level === null) return;
    this.#say({ type: "quality", pair: this.#pair, quality: this.#parts.view.quality.figures(this.#parts.now()) });
  }

  #notice(notice: Omit<Notice, "serial">): void {
    this.#notices += 1;
    this.#tell({ notice: { ...notice, serial: this.#notices } });
  }

  #say(message: ToRelay): void {
    this.#parts.carrier.send({ kind: "message", text: encodeMessage(message) });
  }

  #tell(change: Partial<SessionState>): void {
    if (!this.#isOver) this.#parts.tell(change);
  }

  #fail(name: FaultName): void {
    this.#end(fault(name));
  }

  #end(reason: Told | null): void {
    this.#tell({ phase: "ended", end: { fault: reason }, question: null, level: null, code: null });
    this.#isOver = true;
    this.#parts.carrier.close();
  }
}
