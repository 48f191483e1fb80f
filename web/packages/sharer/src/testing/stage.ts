// A stage for tests of the session machine: real keys, a relay that does what it is told, helpers behind it.

import {
  Attempts,
  type Bytes,
  decodeFrame,
  draw,
  End,
  encodeBase64url,
  encodeFrame,
  encodeMessage,
  type Frame,
  type FromRelay,
  flight,
  fromHex,
  generateKeyPair,
  Helper,
  type KeyPair,
  type Level,
  type News,
  parseToRelay,
  type ToRelay,
  toHex,
  utf8,
} from "@handrail/protocol";
import { BUNDLE, Person, TestIssuer } from "@handrail/protocol/testing";
import { BoundTrust, Provider } from "@handrail/viewer/end";
import { MemoryStore } from "@handrail/viewer/testing";
import { Contacts } from "../contacts.ts";
import { SharerSession } from "../session.ts";
import type { SharerState } from "../state.ts";

export const SESSION = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
export const CODE = "04712345";
export const AT = 1_764_000_000;

export const issuer = await TestIssuer.draw();
export const amina = await Person.signIn(issuer, "helper", AT);
const yuki = await Person.signIn(issuer, "sharer", AT, { aud: BUNDLE.clients.browser });
const signing = await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
const grantKey = encodeBase64url(new Uint8Array(await crypto.subtle.exportKey("raw", signing.publicKey)));
const bundle = { ...BUNDLE, grant_keys: [grantKey] };

/** A helper at the other side of the relay. */
export class Other {
  readonly pair: number;
  readonly person: Person;
  readonly heard: News[] = [];
  readonly sent: Bytes[] = [];
  end: End | null = null;
  hash = "";
  sequence = 0;

  constructor(pair: number, person: Person) {
    this.pair = pair;
    this.person = person;
  }

  get key(): KeyPair {
    return this.person.binding.x25519;
  }
}

export class Stage {
  now = 1000;
  readonly states: Partial<SharerState>[] = [];
  readonly said: ToRelay[] = [];
  readonly others: Other[] = [];
  wakes = 0;
  isClosed = false;
  readonly session: SharerSession;
  #records: Frame[] = [];

  constructor() {
    const take = (frame: Frame) => {
      if (frame.kind === "message") this.said.push(parseToRelay(frame.text));
      else this.#records.push(frame);
    };
    const bound = { ...yuki, issuer: BUNDLE.issuer, subject: "y1", signedIn: AT * 1000 };
    const provider = new Provider(
      BUNDLE.issuer,
      (address) => issuer.answer(address),
      () => this.now,
    );
    this.session = new SharerSession({
      carrier: {
        roundTrip: null,
        welcomed: () => {},
        send: take,
        sendBytes: (bytes) => take(decodeFrame(bytes)),
        close: () => {
          this.isClosed = true;
        },
      },
      trust: new BoundTrust("sharer", bound, bundle, provider, () => AT * 1000 + this.now),
      contacts: new Contacts(new MemoryStore()),
      now: () => this.now,
      tell: (change) => this.states.push(change),
      wake: () => {
        this.wakes += 1;
      },
      client: "test 1",
    });
  }

  get state(): Partial<SharerState> {
    return Object.assign({}, ...this.states);
  }

  get helper() {
    return this.state.helpers?.[0];
  }

  async relay(...messages: FromRelay[]): Promise<void> {
    for (const message of messages) this.session.handleFrame({ kind: "message", text: encodeMessage(message) });
    await this.session.settled();
  }

  async join(code = CODE): Promise<void> {
    this.session.hello("ticket");
    const you = { name: "Yuki Tanaka", subject: "y1", issuer: BUNDLE.issuer };
    await this.relay({ type: "welcome", protocol: 1, you, relay: "test", line: "5c".repeat(32), keep: 60 });
    this.session.join(code);
    await this.session.settled();
  }

  /** The helper's part of the handshake; `code` is null for one who was invited. */
  async shake(other: Other, code: string | null): Promise<void> {
    await this.relay({ type: "joined", session: SESSION, tenant: "contoso", pair: other.pair });
    const context = { session: fromHex(SESSION) ?? utf8(""), tenant: "contoso" };
    const first = this.#flight();
    const answered =
      code === null
        ? await Helper.invited(context, first, other.key, await draw())
        : await new Attempts(code).answer(context, first, other.key, await draw());
    await this.#fly(other.pair, 0n, answered.second);
    const answering = await answered.helper.readThird(this.#flight());
    const { established, fourth } = await answering.answer(other.person.credential("helper"));
    other.hash = toHex(established.hash);
    other.end = new End(established, other.pair, (news) => {
      if (news.type === "send") other.sent.push(news.frame);
      else other.heard.push(news);
    });
    await this.#fly(other.pair, 1n, fourth);
  }

  /** A helper by the code, whom the relay names like this. */
  async pair(subject = "a1"): Promise<Other> {
    await this.join();
    const other = new Other(0, amina);
    this.others.push(other);
    await this.shake(other, CODE);
    await this.paired(other, subject);
    return other;
  }

  async paired(other: Other, subject: string): Promise<void> {
    const peer = { name: "Amina Diallo", subject, issuer: BUNDLE.issuer, title: "Director" };
    await this.relay({ type: "paired", pair: other.pair, peer, levels: ["view"] });
  }

  /** The person allows what is asked, as soon as that is possible. */
  async allow(other: Other): Promise<void> {
    await this.relay({ type: "asked", pair: other.pair, level: "view", within: 300 });
    this.now += 6000;
    this.session.allow(other.pair, "the text");
    await this.session.settled();
  }

  /** The relay grants what was said last. */
  async grant(other: Other, differ: { level?: Level; nonce?: string; hk?: string; tid?: string } = {}): Promise<void> {
    const last = this.said.findLast((one) => one.type === "consent" || one.type === "challenge");
    if (last?.type !== "consent" && last?.type !== "challenge") throw new TypeError("nothing to grant");
    other.sequence += 1;
    const { pair, hash, sequence } = other;
    const fields = { level: "view" as Level, nonce: last.nonce, generation: last.generation };
    const hk = toHex(other.key.publicKey);
    const payload = { tid: "contoso", sid: SESSION, pair, ...fields, seq: sequence, hh: hash, hk, ...differ };
    const token = await sign(payload);
    await this.relay({ type: "granted", pair, session: SESSION, ...fields, sequence, hash, token });
    await this.exchange();
  }

  /** A helper sees the screen. */
  async live(): Promise<Other> {
    const other = await this.pair();
    await this.allow(other);
    await this.grant(other);
    return other;
  }

  /** Hands over what is under way between the ends. */
  async exchange(): Promise<void> {
    for (;;) {
      await this.session.settled();
      for (const { end } of this.others) await end?.settled();
      const records = this.#records.splice(0);
      const sent = this.others.flatMap((other) => other.sent.splice(0));
      if (records.length + sent.length === 0) return;
      for (const frame of records) {
        if (frame.kind !== "sealed") continue;
        void this.others.find(({ pair }) => pair === frame.header.pair)?.end?.handleRecord(frame, this.now);
      }
      for (const record of sent) this.session.handleFrame(decodeFrame(record));
    }
  }

  #flight(): Bytes {
    const frame = this.#records.shift();
    if (frame?.kind !== "sealed") throw new TypeError("no flight was sent");
    return frame.sealed;
  }

  async #fly(pair: number, counter: bigint, bytes: Bytes): Promise<void> {
    this.session.handleFrame(decodeFrame(encodeFrame(flight(pair, counter, bytes))));
    await this.session.settled();
  }
}

/** Somebody else who helps. */
export async function another(subject: string): Promise<Person> {
  return Person.signIn(issuer, "helper", AT, { sub: subject, name: "Ben Okafor" });
}

/** A key that belongs to nobody here. */
export async function strangeKey(): Promise<string> {
  return toHex((await generateKeyPair()).publicKey);
}

async function sign(payload: object): Promise<string> {
  const encode = (value: object) => encodeBase64url(utf8(JSON.stringify(value)));
  const message = `${encode({ alg: "EdDSA", kid: grantKey, typ: "rh-grant+jwt" })}.${encode(payload)}`;
  const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", signing.privateKey, utf8(message)));
  return `${message}.${encodeBase64url(signature)}`;
}
