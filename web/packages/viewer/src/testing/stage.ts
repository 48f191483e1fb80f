// A stage for tests of the session machine: real keys, a relay that does what it is told, a sharer behind it.

import {
  type Bytes,
  Channel,
  type Context,
  decodeFrame,
  decodeInput,
  encodeFrame,
  encodeMessage,
  type Frame,
  type FromRelay,
  flight,
  fromHex,
  type News,
  parseToRelay,
  type ToRelay,
  toHex,
  utf8,
} from "@handrail/protocol";
import {
  BUNDLE,
  drawSharer,
  NativeSharerEnd,
  Person,
  Sharer,
  TestIssuer,
  type Waiting,
} from "@handrail/protocol/testing";
import { PictureError } from "../defect.ts";
import { HelperSession } from "../helper.ts";
import { Provider } from "../provider.ts";
import { Quality } from "../quality.ts";
import type { Accepted } from "../session.ts";
import type { SessionState } from "../state.ts";
import { BoundTrust } from "../trust.ts";

export const SESSION = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
/** The key of the line. */
export const LINE = "5c".repeat(32);
export const PEER = { name: "Yuki Tanaka", subject: "y1", issuer: BUNDLE.issuer };
export const AT = 1_764_000_000;

export const issuer = await TestIssuer.draw();
export const amina = await Person.signIn(issuer, "helper", AT);
export const yuki = await Person.signIn(issuer, "sharer", AT, { title: "Pharmacist" });

/** A helper's session, a relay that does what it is told, and a sharer behind it. */
export class Stage {
  now = 1000;
  readonly states: Partial<SessionState>[] = [];
  readonly said: ToRelay[] = [];
  readonly records: Bytes[] = [];
  readonly atSharer: News[] = [];
  readonly painted: number[] = [];
  readonly slices: Bytes[] = [];
  /** Keys of lines that the carrier was told. */
  readonly lines: string[] = [];
  isClosed = false;
  helper: HelperSession;
  /** Who shares. */
  person = yuki;
  sharer: NativeSharerEnd | null = null;
  #toHelper: Bytes[] = [];
  #hashes: string[] = [];
  readonly #invitation: Accepted | undefined;

  /** With an invitation the session is one of a colleague, else it has a code. */
  constructor(invitation?: Accepted) {
    this.#invitation = invitation;
    const take = (frame: Frame) => {
      if (frame.kind === "message") this.said.push(parseToRelay(frame.text));
      else if (frame.kind === "sealed") this.records.push(encodeFrame(frame));
    };
    const bound = { ...amina, issuer: BUNDLE.issuer, subject: "a1", signedIn: AT * 1000 };
    const provider = new Provider(
      BUNDLE.issuer,
      (address) => issuer.answer(address),
      () => this.now,
    );
    this.helper = new HelperSession({
      trust: new BoundTrust("helper", bound, BUNDLE, provider, () => AT * 1000 + this.now),
      carrier: {
        roundTrip: null,
        welcomed: (key) => this.lines.push(key),
        send: take,
        sendBytes: (bytes) => take(decodeFrame(bytes)),
        close: () => {
          this.isClosed = true;
        },
      },
      view: {
        quality: new Quality(),
        number: () => 1,
        show: (slice) => {
          if (slice[0] === 0) throw new PictureError(10);
          this.slices.push(slice.slice());
          return Promise.resolve({ update: slice[0] ?? 0, resized: { width: 640, height: 480 } });
        },
        cursor: () => {},
        seen: () => {},
        hash: () => Promise.resolve(null),
      },
      now: () => this.now,
      tell: (change) => this.states.push(change),
      painted: (update) => this.painted.push(update),
      client: "test 1",
      ...(invitation === undefined ? { reason: "The printer" } : { invitation }),
    });
  }

  get state(): Partial<SessionState> {
    return Object.assign({}, ...this.states);
  }

  notices(): unknown[] {
    return this.states.flatMap(({ notice }) => (notice ? [notice] : []));
  }

  async relay(...messages: FromRelay[]): Promise<void> {
    for (const message of messages) this.helper.handleFrame({ kind: "message", text: encodeMessage(message) });
    await this.helper.settled();
  }

  async code(): Promise<string> {
    this.helper.hello("ticket");
    await this.relay(
      { type: "welcome", protocol: 1, you: PEER, relay: "test", line: LINE, keep: 60 },
      { type: "created", session: SESSION, routing: "047", expires_in: 600 },
    );
    return this.state.code?.digits ?? "";
  }

  /** The number of the pair: of a code always the first. */
  get pairNumber(): number {
    return this.#invitation === undefined ? 0 : 2;
  }

  /** Accepts the invitation; the relay lets the helper in. */
  async accept(): Promise<void> {
    this.helper.hello("ticket");
    await this.relay({ type: "welcome", protocol: 1, you: PEER, relay: "test", line: LINE, keep: 60 });
  }

  /** The first two flights of a sharer that typed this, or typed nothing because the helper is invited. */
  async tryCode(code: string | null): Promise<{ waiting: Waiting; third: Bytes }> {
    await this.relay({ type: "claimed", tenant: "contoso", pair: this.pairNumber });
    const context: Context = { session: fromHex(SESSION) ?? utf8(""), tenant: "contoso" };
    const sharer = new Sharer(context, code, await drawSharer());
    const second = await this.fly(0n, sharer.first);
    return sharer.readSecond(second, this.person.binding.x25519, this.person.credential("sharer"));
  }

  /** Sends a flight and gives the answer. */
  async fly(counter: bigint, bytes: Bytes): Promise<Bytes> {
    this.helper.handleFrame(flight(this.pairNumber, counter, bytes));
    await this.helper.settled();
    const answer = decodeFrame(this.records.shift() ?? utf8(""));
    return answer.kind === "sealed" ? answer.sealed : utf8("");
  }

  async pair(paired: Partial<Extract<FromRelay, { type: "paired" }>> = {}): Promise<void> {
    const code = this.#invitation === undefined ? await this.code() : null;
    if (code === null) await this.accept();
    const { waiting, third } = await this.tryCode(code);
    const established = await waiting.readFourth(await this.fly(1n, third));
    this.#hashes = [toHex(established.hash)];
    this.sharer = new NativeSharerEnd(established, this.pairNumber, (news) => {
      if (news.type === "send") this.#toHelper.push(news.frame);
      else this.atSharer.push(news);
    });
    const { pairNumber: pair } = this;
    await this.relay({ type: "paired", pair, peer: PEER, levels: ["view", "control"], ...paired });
  }

  async grant(level: "view" | "control", generation: number): Promise<void> {
    const [hash = ""] = this.#hashes;
    const rest = { session: SESSION, sequence: generation, hash, nonce: "n", token: "t" };
    await this.relay({ type: "granted", pair: this.pairNumber, level, generation, ...rest });
  }

  async begin(generation: number): Promise<void> {
    this.sharer?.begin(generation, crypto.getRandomValues(new Uint8Array(32)), this.now);
    await this.exchange();
  }

  /** Hands over what is under way between the ends. */
  async exchange(): Promise<void> {
    for (;;) {
      await this.sharer?.settled();
      await this.helper.settled();
      const [to, from] = [this.#toHelper.splice(0), this.records.splice(0)];
      if (to.length + from.length === 0) return;
      for (const record of to) this.helper.handleFrame(decodeFrame(record));
      for (const record of from) {
        const frame = decodeFrame(record);
        if (frame.kind === "sealed") void this.sharer?.handleRecord(frame, this.now);
      }
    }
  }

  /** A level stands, and the sharer's keys for it are here. */
  async live(level: "view" | "control", generation: number): Promise<void> {
    await this.grant(level, generation);
    await this.begin(generation);
  }

  /** What the sharer was told of the session. */
  controls(): unknown[] {
    return this.atSharer.flatMap((news) => (news.type === "control" ? [news.control] : []));
  }

  inputs(): unknown[] {
    return this.atSharer.flatMap((news) =>
      news.type === "message" && news.channel === Channel.Input ? decodeInput(news.message).events : [],
    );
  }
}
