// One end of a sealed session on a running carrier: obeys and grants credit.

import {
  Allowance,
  type Bytes,
  CHANNELS,
  type Channel,
  type Control,
  type Credit,
  End,
  type Envelope,
  type Established,
  encodeFrame,
  type News,
  priorityOf,
  Window,
} from "@handrail/protocol";

/** Where frames leave: a Carrier. */
export interface Line {
  sendBytes(frame: Bytes, priority: number): void;
}

function makeEnd(established: Established, pair: number, tell: (news: News) => void): End {
  return new End(established, pair, tell);
}

/** One channel on its way out. What is sealed is never dropped. */
interface Outgoing {
  readonly allowance: Allowance;
  readonly waiting: Bytes[];
}

/** Bytes of records that arrived and are not opened yet: a peer with more ignores credit. */
const UNOPENED = 4 << 20;

export class Sealed {
  readonly #end: End;
  readonly #pair: number;
  readonly #line: Line;
  readonly #outgoing = new Map<Channel, Outgoing>();
  #windows = windows();
  #unopened = 0;
  /** Changes of carrier so far, modulo 256. */
  #round = 0;
  /** The round that the other end has begun. While it is another one, what could overtake the relay's word of it waits. */
  #peerRound = 0;
  /** Whether one of the two ends is without a carrier. */
  #isAway = false;
  /** Records that were doubled, forged or out of place. */
  dropped = 0;

  /** A helper's end, unless a maker gives another. */
  constructor(established: Established, pair: number, line: Line, tell: (news: News) => void, make = makeEnd) {
    this.#pair = pair;
    this.#line = line;
    this.#end = make(established, pair, (news) => this.#pass(news, tell));
  }

  get generation(): number {
    return this.#end.generation;
  }

  /** The counter of the next record that this channel sends. */
  next(channel: Channel): bigint {
    return this.#end.next(channel);
  }

  send(channel: Channel, message: Bytes, now: number): void {
    this.#end.send(channel, message, now);
  }

  control(control: Control, now: number): void {
    this.#end.sendControl(control, now);
  }

  /** Whether another message of this channel would leave at once. */
  room(channel: Channel): boolean {
    const lane = this.#lane(channel);
    return !this.#isHeld && lane.waiting.length === 0 && lane.allowance.left > 0n;
  }

  /** Takes a record that arrived. False if the peer ignores credit. */
  handleRecord(envelope: Envelope, now: number): boolean {
    const { channel } = envelope.header;
    const bytes = envelope.clear.length + envelope.sealed.length;
    this.#unopened += bytes;
    void this.#end.handleRecord(envelope, now).then(() => {
      this.#unopened -= bytes;
      const limit = this.#windows.get(channel)?.consume(bytes) ?? null;
      if (limit !== null) this.#grant({ kind: "credit", pair: this.#pair, channel, round: this.#round, limit });
    });
    return this.#unopened <= UNOPENED;
  }

  handleCredit(credit: Credit): void {
    if (credit.round !== this.#round) return;
    this.#lane(credit.channel).allowance.grant(credit.limit);
    this.#flush(credit.channel);
  }

  /** One of the two ends has lost its carrier: what could not arrive waits here. */
  hold(): void {
    this.#isAway = true;
  }

  /** One of the two ends has another carrier: credit starts afresh, and what is missing is asked for (SPEC 10.2). */
  carrierChanged(round: number, now: number): void {
    this.#round = round;
    this.#isAway = false;
    this.#outgoing.clear();
    this.#windows = windows();
    this.#end.carrierChanged(round, now);
  }

  discardInput(now: number): number {
    return this.#end.discardInput(now);
  }

  flushAcks(now: number): void {
    this.#end.flushAcks(now);
  }

  handleTimeout(now: number): void {
    this.#end.handleTimeout(now);
  }

  pollTimeout(): number | null {
    return this.#end.pollTimeout();
  }

  /** Everything that arrived has been opened and told, and everything that was sent is sealed. */
  settled(): Promise<void> {
    return this.#end.settled();
  }

  #pass(news: News, tell: (news: News) => void): void {
    if (news.type === "send") {
      this.#lane(news.channel).waiting.push(news.frame);
      this.#flush(news.channel);
    } else if (news.type === "resumed") {
      this.#peerRound = news.round;
      for (const channel of CHANNELS) this.#flush(channel);
      tell(news);
    } else if (news.type === "dropped") this.dropped += 1;
    else tell(news);
  }

  #grant(credit: Credit): void {
    this.#line.sendBytes(encodeFrame(credit), 0);
  }

  /** Sends what credit allows. */
  #flush(channel: Channel): void {
    if (this.#isHeld && priorityOf(channel) > 0) return;
    const { allowance, waiting } = this.#lane(channel);
    while (allowance.left > 0n) {
      const frame = waiting.shift();
      if (frame === undefined) return;
      allowance.spend(frame.length);
      this.#line.sendBytes(frame, priorityOf(channel));
    }
  }

  get #isHeld(): boolean {
    return this.#isAway || this.#peerRound !== this.#round;
  }

  #lane(channel: Channel): Outgoing {
    const known = this.#outgoing.get(channel);
    if (known !== undefined) return known;
    const lane = { allowance: new Allowance(channel), waiting: [] };
    this.#outgoing.set(channel, lane);
    return lane;
  }
}

function windows(): Map<Channel, Window> {
  return new Map(CHANNELS.map((channel) => [channel, new Window(channel)]));
}
