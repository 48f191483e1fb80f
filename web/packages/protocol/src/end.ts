// One end of a pair's sealed session, as a machine: messages in, sealed records out, and back (SPEC 9, 10).
//
// WebCrypto answers later. So counters are given and keys are chosen at once, in the order of the calls; a chain of promises
// for each direction lets the results out in that order.

import { type Bytes, concat, fromHex } from "./bytes.ts";
import { CHANNELS, Channel, channelOf, deliveryOf, IN_ORDER, longestMessageOf } from "./channel.ts";
import { type Control, decodeControl, encodeControl, type Start } from "./control.ts";
import { Debt } from "./debt.ts";
import { Early } from "./early.ts";
import type { Envelope } from "./frame.ts";
import { type Counters, Generations } from "./generation.ts";
import type { Established } from "./handshake/established.ts";
import { HOLD_TIME, type Inbox, inboxOf } from "./inbox.ts";
import { Joiner } from "./join.ts";
import { associated, importSecret } from "./keys.ts";
import { type Dropped, type News, SendError } from "./news.ts";
import { Outbox, type Sealed } from "./outbox.ts";
import { FRAGMENT, unpad } from "./padding.ts";
import { decodePlaces, encodePlaces, type Places, type Resume } from "./places.ts";
import { Malformed } from "./reader.ts";

/** Records of a key. */
const RECORDS_PER_KEY = 1 << 24;
/** Milliseconds: older input is given up as a whole after a change of carrier. */
const INPUT_LIFE = 2000;
/** Milliseconds that control and chat wait for their acknowledgement; then the session is lost. */
const PATIENCE = 60_000;

export class End {
  protected readonly established: Established;
  protected readonly generations: Generations;
  readonly #pair: number;
  readonly #tell: (news: News) => void;
  readonly #recordsPerKey: bigint;
  readonly #outboxes = new Map<Channel, Outbox>(CHANNELS.map((channel) => [channel, new Outbox(channel)]));
  readonly #inboxes = new Map<Channel, Inbox>(CHANNELS.map((channel) => [channel, inboxOf(channel)]));
  readonly #joiner = new Joiner();
  readonly #early = new Early();
  readonly #debt = new Debt();
  readonly #ours: Bytes;
  readonly #theirs: Bytes;
  #wearTold = false;
  #lostTold = false;
  #sending: Promise<void> = Promise.resolve();
  #receiving: Promise<void> = Promise.resolve();

  /** The end that a handshake made. `tell` gets everything that happens, in order. */
  constructor(
    established: Established,
    pair: number,
    tell: (news: News) => void,
    limits: { readonly recordsPerKey: number } = { recordsPerKey: RECORDS_PER_KEY },
  ) {
    const { role, hash, session, secret } = established;
    this.established = established;
    this.#pair = pair;
    this.#tell = tell;
    this.#recordsPerKey = BigInt(limits.recordsPerKey);
    this.generations = new Generations(role, hash, secret, this.opensInput);
    this.#ours = associated(hash, session, role);
    this.#theirs = associated(hash, session, this.generations.peer);
  }

  /** Whether keys are derived that open input. */
  protected get opensInput(): boolean {
    return true;
  }

  /** The counter of the next record that this channel sends. */
  next(channel: Channel): bigint {
    return this.#outbox(channel).next;
  }

  /** The generation that this end seals with. */
  get generation(): number {
    return this.generations.number;
  }

  /** Seals a message into one record or several. Throws a SendError if it cannot be. */
  send(channel: Channel, message: Bytes, now: number): void {
    if (message.length > longestMessageOf(channel)) throw new SendError("too_long");
    const key = this.generations.sealing(channel);
    if (key === null) throw new SendError("not_yet");
    const outbox = this.#outbox(channel);
    const fragments = Math.max(1, Math.ceil(message.length / FRAGMENT));
    const used = outbox.next - this.generations.sealingSince(channel) + BigInt(fragments);
    if (used > this.#recordsPerKey) throw new SendError("worn_out");
    const sealing = { key, pair: this.#pair, generation: this.generation, context: this.#ours };
    for (let at = 0; at < fragments; at += 1) {
      const fragment = message.slice(at * FRAGMENT, (at + 1) * FRAGMENT);
      this.#emit(outbox.seal(sealing, fragment, at + 1 < fragments, now));
    }
    this.#watchWear(used, now);
  }

  sendControl(control: Control, now: number): void {
    this.send(Channel.Control, encodeControl(control), now);
  }

  /** Takes a record from the carrier. Settles when everything that it brought was told. */
  handleRecord(envelope: Envelope, now: number): Promise<void> {
    const opened = this.#open(envelope);
    this.#receiving = this.#receiving.then(() => this.#process(envelope, opened, now));
    return this.#receiving;
  }

  /** Acknowledges at once what was delivered. */
  flushAcks(now: number): void {
    if (this.#debt.isOwed) this.#sendPlaces("no", now);
  }

  /** The carrier was changed, and a round began: asks the peer for what is missing here; the peer does likewise. */
  carrierChanged(round: number, now: number): void {
    this.#sendPlaces({ round }, now);
  }

  /** Helper: gives up all input that the peer may not have. Gives the number of records. */
  discardInput(now: number): number {
    const outbox = this.#outbox(Channel.Input);
    const records = outbox.discard();
    if (records > 0) this.#sendSkip(Channel.Input, outbox.next, now);
    return records;
  }

  /** Does what is due by now. */
  handleTimeout(now: number): void {
    if (this.#debt.due !== null && now >= this.#debt.due) this.#sendPlaces("no", now);
    this.generations.retire(now);
    this.#early.forget(now);
    if (this.#gaps().some((since) => now >= since + HOLD_TIME)) this.#sendPlaces("gap", now);
    const waiting = this.#waitingSince();
    if (!this.#lostTold && waiting !== null && now >= waiting + PATIENCE) {
      this.#lostTold = true;
      this.#tell({ type: "lost" });
    }
  }

  /** When `handleTimeout` has to be called next. */
  pollTimeout(): number | null {
    const waiting = this.#lostTold ? null : this.#waitingSince();
    const deadlines = [
      this.#debt.due,
      this.generations.nextRetirement,
      this.#early.deadline,
      waiting === null ? null : waiting + PATIENCE,
      ...this.#gaps().map((since) => since + HOLD_TIME),
    ].filter((at) => at !== null);
    return deadlines.length > 0 ? Math.min(...deadlines) : null;
  }

  /** Everything that was handed in has been sealed, opened and told. */
  async settled(): Promise<void> {
    await this.#receiving;
    await this.#sending;
  }

  /** The next counter of each channel; `control` counts one more, for the message that says so. */
  protected starts(): Start[] {
    return IN_ORDER.map((channel) => {
      const next = Number(this.#outbox(channel).next);
      return { channel, counter: channel === Channel.Control ? next + 1 : next };
    });
  }

  /** Seals with these keys from here on. */
  protected install(generation: number, secret: Bytes, now: number): void {
    const since: Counters = new Map(CHANNELS.map((channel) => [channel, this.#outbox(channel).next]));
    const imported = importSecret(secret);
    void imported.then(
      () => secret.fill(0),
      () => secret.fill(0),
    );
    this.generations.install(generation, imported, since, now);
    this.#wearTold = false;
    this.#tell({ type: "generation", generation });
  }

  /** Only a sharer gets this. */
  protected handleEpochAck(_generation: number, _starts: readonly Start[]): void {
    this.drop("other_generation");
  }

  protected drop(why: Dropped): void {
    this.#tell({ type: "dropped", why });
  }

  /** Opens what came before its generation began. */
  protected async openEarly(now: number): Promise<void> {
    for (const envelope of this.#early.take()) await this.#process(envelope, this.#open(envelope), now);
  }

  // ---- Records that leave

  #emit(record: Sealed): void {
    const { channel, frame } = record;
    this.#sending = this.#sending.then(async () => {
      this.#tell({ type: "send", channel, frame: await frame });
    });
  }

  #watchWear(used: bigint, now: number): void {
    if (this.#wearTold || used < this.#recordsPerKey - this.#recordsPerKey / 16n) return;
    this.#wearTold = true;
    if (this.established.role === "helper") this.#tryControl({ type: "rekey" }, now);
    this.#tell({ type: "keys_wear" });
  }

  /** A worn-out control key is told by the next message that the caller sends. */
  #tryControl(control: Control, now: number): boolean {
    try {
      this.sendControl(control, now);
      return true;
    } catch (error) {
      if (error instanceof SendError) return false;
      throw error;
    }
  }

  // ---- Records that arrive

  /** Begins to open a record, if its key is here already. */
  #open(envelope: Envelope): Promise<Bytes | null> | null {
    const { channel, generation, counter } = envelope.header;
    const key = this.generations.opening(generation, channel);
    if (key === null) return null;
    return key.open(counter, concat(this.#theirs, envelope.clear), envelope.sealed).catch(() => null);
  }

  async #process(envelope: Envelope, opened: Promise<Bytes | null> | null, now: number): Promise<void> {
    const { pair, channel, generation, counter } = envelope.header;
    if (pair !== this.#pair || channel === Channel.Handshake) return this.drop("other_pair");
    if (generation > this.generation) {
      if (!this.#early.hold(envelope, now)) this.drop("no_room");
      return;
    }
    if (!this.#inbox(channel).wants(counter)) {
      // What comes twice was delivered: say so again, so that the other end stops sending it.
      this.#oweAck(channel, now);
      return this.drop("doubled");
    }
    if (this.generations.mislabelled(channel, generation, counter)) return this.drop("other_generation");
    const opening = this.generations.opening(generation, channel) === null ? null : (opened ?? this.#open(envelope));
    if (opening === null) return this.drop("no_key");
    const text = await opening;
    if (text === null) return this.drop("forged");
    await this.#take(channel, counter, text, now);
  }

  async #take(channel: Channel, counter: bigint, text: Bytes, now: number): Promise<void> {
    const taken = this.#inbox(channel).take(counter, text, now);
    if (taken === "held") return;
    if (taken === "doubled" || taken === "no_room") return this.drop(taken);
    this.#oweAck(channel, now);
    for (const ready of taken.deliver) await this.#deliver(channel, ready, now);
  }

  async #deliver(channel: Channel, text: Bytes, now: number): Promise<void> {
    try {
      if (channel === Channel.Ack) {
        this.#handlePlaces(decodePlaces(unpad(text).fragment), now);
        return;
      }
      const message = this.#joiner.whole(channel, text);
      if (message === null) return;
      if (channel === Channel.Control) await this.#handleControl(decodeControl(message), now);
      else this.#tell({ type: "message", channel, message });
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.#joiner.clear(channel);
      this.drop("malformed");
    }
  }

  async #handleControl(control: Control, now: number): Promise<void> {
    switch (control.type) {
      case "epoch":
        return this.#handleEpoch(control.generation, control.secret, control.starts, now);
      case "epoch_ack":
        this.handleEpochAck(control.generation, control.starts);
        return this.openEarly(now);
      case "skip":
        return this.#handleSkip(control.channel, BigInt(control.to), now);
      case "rekey":
        if (this.established.role === "sharer" && !this.#wearTold) {
          this.#wearTold = true;
          this.#tell({ type: "keys_wear" });
        }
        return;
      default:
        this.#tell({ type: "control", control });
    }
  }

  /** Helper: the sharer began a generation. */
  async #handleEpoch(generation: number, text: string, starts: readonly Start[], now: number): Promise<void> {
    const secret = fromHex(text, 32);
    if (secret === null) return this.drop("bad_place");
    if (this.established.role !== "helper" || generation <= this.generation) return this.drop("other_generation");
    if (!this.#tryControl({ type: "epoch_ack", generation, starts: this.starts() }, now)) return this.drop("no_key");
    this.generations.noteStarts(generation, starts);
    this.install(generation, secret, now);
    await this.openEarly(now);
  }

  async #handleSkip(number: number, to: bigint, now: number): Promise<void> {
    const channel = channelOf(number);
    if (channel !== Channel.Picture && channel !== Channel.Input) return this.drop("bad_place");
    const inbox = this.#inbox(channel);
    const skipped = to - (inbox.next ?? to);
    const ready = inbox.skip(to);
    this.#joiner.clear(channel);
    if (channel === Channel.Input && skipped > 0n) this.#tell({ type: "input_given_up", records: Number(skipped) });
    for (const text of ready) await this.#deliver(channel, text, now);
  }

  // ---- Acknowledgements (SPEC 10)

  #oweAck(channel: Channel, now: number): void {
    if (deliveryOf(channel) !== "latest" && this.#debt.owe(now)) this.#sendPlaces("no", now);
  }

  #handlePlaces(places: Places, now: number): void {
    if (typeof places.resume === "object") this.#tell({ type: "resumed", round: places.resume.round });
    for (const [channel, next] of places.next) {
      if (deliveryOf(channel) === "latest") this.drop("bad_place");
      else if (places.resume !== "no") this.#sendAgain(channel, next, now);
      else if (!this.#outbox(channel).acknowledge(next)) this.drop("bad_place");
      else if (channel === Channel.Picture) this.#tell({ type: "acknowledged", next });
    }
  }

  #sendAgain(channel: Channel, next: bigint, now: number): void {
    const outbox = this.#outbox(channel);
    if (deliveryOf(channel) === "ordered") {
      // Who lacks nothing acknowledges by this: the acknowledgement itself may have been lost.
      this.#tell(next < outbox.next ? { type: "restart_picture" } : { type: "acknowledged", next });
      return;
    }
    const records = outbox.again(next);
    if (records === null) {
      this.drop("bad_place");
      return;
    }
    outbox.acknowledge(next);
    const oldest = outbox.oldest;
    if (channel === Channel.Input && oldest !== null && now >= oldest + INPUT_LIFE) {
      this.#tell({ type: "input_given_up", records: this.discardInput(now) });
      return;
    }
    for (const record of records) this.#emit(record);
  }

  #sendSkip(channel: Channel, to: bigint, now: number): void {
    this.#tryControl({ type: "skip", channel, to: Number(to) }, now);
  }

  #sendPlaces(resume: Resume, now: number): void {
    const isAsked = resume !== "no";
    const next = new Map<Channel, bigint>();
    for (const channel of IN_ORDER) {
      const expected = this.#inbox(channel).next;
      if (expected !== null && (isAsked || expected > 0n)) next.set(channel, expected);
    }
    try {
      this.send(Channel.Ack, encodePlaces({ resume, next }), now);
      this.#debt.paid();
    } catch (error) {
      if (!(error instanceof SendError)) throw error;
    }
    if (isAsked) for (const channel of IN_ORDER) this.#inbox(channel).asked(now);
  }

  #gaps(): number[] {
    return IN_ORDER.map((channel) => this.#inbox(channel).gapSince).filter((since) => since !== null);
  }

  /** Since when the oldest message on control or chat has waited for its acknowledgement. */
  #waitingSince(): number | null {
    const oldest = [Channel.Control, Channel.Chat].map((channel) => this.#outbox(channel).oldest);
    const waiting = oldest.filter((since) => since !== null);
    return waiting.length > 0 ? Math.min(...waiting) : null;
  }

  #outbox(channel: Channel): Outbox {
    return present(this.#outboxes.get(channel));
  }

  #inbox(channel: Channel): Inbox {
    return present(this.#inboxes.get(channel));
  }
}

/** Every channel has its boxes from the start. */
function present<Box>(box: Box | undefined): Box {
  if (box === undefined) throw new TypeError("a channel without a box");
  return box;
}
