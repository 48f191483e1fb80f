import { describe, expect, test } from "vitest";
import { type Bytes, utf8 } from "./bytes.ts";
import { Channel } from "./channel.ts";
import { End } from "./end.ts";
import { decodeFrame } from "./frame.ts";
import type { News } from "./news.ts";
import { text } from "./reader.ts";
import { established, NativeSharerEnd } from "./testing/sharer.ts";

/** Numbers that look random and are always the same. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Two ends and the records between them. */
class Pair {
  readonly atHelper: News[] = [];
  readonly atSharer: News[] = [];
  readonly toHelper: Bytes[] = [];
  readonly toSharer: Bytes[] = [];
  readonly helper: End;
  readonly sharer: NativeSharerEnd;
  now = 0;

  constructor(recordsPerKey = 1 << 24) {
    const tell = (news: News[], records: Bytes[]) => (one: News) => {
      if (one.type === "send") records.push(one.frame);
      else news.push(one);
    };
    const limits = { recordsPerKey };
    this.helper = new End(established("helper"), 0, tell(this.atHelper, this.toSharer), limits);
    this.sharer = new NativeSharerEnd(established("sharer"), 0, tell(this.atSharer, this.toHelper), limits);
  }

  /** Hands over everything that is under way, until nothing is. */
  async run(): Promise<void> {
    for (;;) {
      await this.helper.settled();
      await this.sharer.settled();
      const [left, right] = [this.toHelper.splice(0), this.toSharer.splice(0)];
      if (left.length + right.length === 0) return;
      for (const record of left) this.give(this.helper, record);
      for (const record of right) this.give(this.sharer, record);
    }
  }

  give(end: End, record: Bytes): void {
    const frame = decodeFrame(record);
    if (frame.kind === "sealed") void end.handleRecord(frame, this.now);
  }

  async begin(generation: number): Promise<void> {
    this.sharer.begin(generation, new Uint8Array(32).fill(generation), this.now);
    await this.run();
  }

  tick(milliseconds: number): void {
    this.now += milliseconds;
    this.helper.handleTimeout(this.now);
    this.sharer.handleTimeout(this.now);
  }
}

function messages(news: readonly News[], channel: Channel): string[] {
  return news.flatMap((one) => (one.type === "message" && one.channel === channel ? [text(one.message)] : []));
}

function drops(news: readonly News[]): string[] {
  return news.flatMap((one) => (one.type === "dropped" ? [one.why] : []));
}

describe("an end", () => {
  test("sends nothing but control before a level stands", async () => {
    const pair = new Pair();
    expect(() => pair.helper.send(Channel.Chat, utf8("early"), 0)).toThrow("no level stands yet");
    pair.helper.sendControl({ type: "leave" }, 0);
    await pair.run();
    expect(pair.atSharer).toEqual([{ type: "control", control: { type: "leave" } }]);
  });

  test("joins long messages and refuses those beyond the channel's bound", async () => {
    const pair = new Pair();
    await pair.begin(1);
    const long = "x".repeat(60_000);
    pair.helper.send(Channel.Chat, utf8(long), 0);
    pair.helper.send(Channel.Chat, utf8(""), 0);
    await pair.run();
    expect(messages(pair.atSharer, Channel.Chat)).toEqual([long, ""]);
    expect(() => pair.helper.send(Channel.Input, new Uint8Array(4097), 0)).toThrow("longer");
  });

  test("a generation begins in the middle of traffic and loses nothing", async () => {
    const pair = new Pair();
    await pair.begin(1);
    pair.helper.send(Channel.Chat, utf8("old key"), 0);
    pair.sharer.begin(2, new Uint8Array(32).fill(2), 0);
    pair.sharer.send(Channel.Chat, utf8("new key"), 0);
    await pair.run();
    pair.helper.send(Channel.Chat, utf8("new key too"), 0);
    await pair.run();
    expect(messages(pair.atSharer, Channel.Chat)).toEqual(["old key", "new key too"]);
    expect(messages(pair.atHelper, Channel.Chat)).toEqual(["new key"]);
    expect([pair.helper.generation, pair.sharer.generation]).toEqual([2, 2]);
    expect(drops(pair.atHelper)).toEqual([]);
  });

  test("records that came before their epoch wait for it, two seconds", async () => {
    const pair = new Pair();
    await pair.begin(1);
    pair.sharer.begin(2, new Uint8Array(32).fill(2), 0);
    pair.sharer.send(Channel.Chat, utf8("early"), 0);
    await pair.sharer.settled();
    pair.toHelper.reverse();
    await pair.run();
    expect(messages(pair.atHelper, Channel.Chat)).toEqual(["early"]);
  });

  test("the epoch cannot go back, and its secret is 64 digits", async () => {
    const pair = new Pair();
    await pair.begin(3);
    pair.sharer.sendControl({ type: "epoch", generation: 3, secret: "11".repeat(32), starts: [] }, 0);
    pair.sharer.sendControl({ type: "epoch", generation: 4, secret: "1", starts: [] }, 0);
    await pair.run();
    expect(drops(pair.atHelper)).toEqual(["other_generation", "bad_place"]);
    expect(pair.helper.generation).toBe(3);
  });

  test("doubled, forged and strange records are dropped and hurt nobody", async () => {
    const pair = new Pair();
    await pair.begin(1);
    pair.helper.send(Channel.Chat, utf8("once"), 0);
    await pair.helper.settled();
    const record = pair.toSharer[0] ?? utf8("");
    const forged = record.map((byte, at) => (at === record.length - 1 ? byte ^ 1 : byte));
    const other = record.map((byte, at) => (at === 1 ? 1 : byte));
    pair.toSharer.splice(0, 1, forged, other, record, record);
    await pair.run();
    expect(messages(pair.atSharer, Channel.Chat)).toEqual(["once"]);
    expect(drops(pair.atSharer)).toEqual(["forged", "other_pair", "doubled"]);
  });

  test("tells before a key is used up, and then refuses", async () => {
    const pair = new Pair(32);
    await pair.begin(1);
    for (let at = 0; at < 32; at += 1) pair.helper.send(Channel.Chat, utf8(String(at)), 0);
    expect(() => pair.helper.send(Channel.Chat, utf8("one more"), 0)).toThrow("used up");
    await pair.run();
    expect(pair.atHelper.filter((news) => news.type === "keys_wear")).toHaveLength(1);
    expect(pair.atSharer.filter((news) => news.type === "keys_wear")).toHaveLength(1);
    expect(messages(pair.atSharer, Channel.Chat)).toHaveLength(32);
  });

  test("is lost when control is not acknowledged for 60 s", async () => {
    const pair = new Pair();
    await pair.begin(1);
    pair.helper.send(Channel.Chat, utf8("into the void"), pair.now);
    await pair.helper.settled();
    pair.toSharer.splice(0);
    pair.now += 59_999;
    pair.helper.handleTimeout(pair.now);
    expect(pair.atHelper.some((news) => news.type === "lost")).toBe(false);
    pair.now += 1;
    pair.helper.handleTimeout(pair.now);
    pair.helper.handleTimeout(pair.now);
    expect(pair.atHelper.filter((news) => news.type === "lost")).toHaveLength(1);
  });

  test("old input is given up as a whole after a change of carrier", async () => {
    const pair = new Pair();
    await pair.begin(1);
    for (const key of ["a", "b"]) pair.helper.send(Channel.Input, utf8(key), pair.now);
    await pair.helper.settled();
    pair.toSharer.splice(0);
    pair.now += 2000;
    pair.sharer.carrierChanged(1, pair.now);
    await pair.run();
    expect(pair.atHelper).toContainEqual({ type: "input_given_up", records: 2 });
    expect(pair.atSharer).toContainEqual({ type: "input_given_up", records: 2 });
    pair.helper.send(Channel.Input, utf8("c"), pair.now);
    await pair.run();
    expect(messages(pair.atSharer, Channel.Input)).toEqual(["c"]);
  });

  test("a picture that is skipped goes on behind the gap", async () => {
    const pair = new Pair();
    await pair.begin(1);
    pair.sharer.send(Channel.Picture, utf8("lost"), 0);
    pair.sharer.send(Channel.Picture, utf8("kept"), 0);
    await pair.sharer.settled();
    pair.toHelper.shift();
    await pair.run();
    expect(messages(pair.atHelper, Channel.Picture)).toEqual([]);
    pair.sharer.sendControl({ type: "skip", channel: Channel.Picture, to: 1 }, 0);
    await pair.run();
    expect(messages(pair.atHelper, Channel.Picture)).toEqual(["kept"]);
  });
});

describe("a carrier that loses, doubles and mixes", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])("delivers every reliable message once and in order (%i)", async (seed) => {
    const roll = dice(seed);
    const pair = new Pair();
    await pair.begin(1);
    const sent: Record<"helper" | "sharer", string[]> = { helper: [], sharer: [] };
    for (let step = 0; step < 40; step += 1) {
      const side = roll(2) === 0 ? "helper" : "sharer";
      const line = `${step}${"x".repeat(roll(8) === 0 ? 40_000 : roll(200))}`;
      sent[side].push(line);
      pair[side].send(Channel.Chat, utf8(line), pair.now);
      if (roll(12) === 0) pair.sharer.begin(pair.sharer.generation + 1, new Uint8Array(32).fill(step), pair.now);
      await spoil(pair, roll);
      pair.tick(roll(700));
    }
    for (let round = 0; round < 6; round += 1) {
      pair.helper.carrierChanged(1, pair.now);
      pair.sharer.carrierChanged(1, pair.now);
      await pair.run();
      pair.tick(50);
      await pair.run();
    }
    expect(messages(pair.atSharer, Channel.Chat)).toEqual(sent.helper);
    expect(messages(pair.atHelper, Channel.Chat)).toEqual(sent.sharer);
  });

  /** Some of what is under way arrives: late, twice, in another order, or never. */
  async function spoil(pair: Pair, roll: (below: number) => number): Promise<void> {
    await pair.helper.settled();
    await pair.sharer.settled();
    for (const [end, records] of [[pair.helper, pair.toHelper] as const, [pair.sharer, pair.toSharer] as const]) {
      const under = records.splice(0);
      for (const record of under) {
        const fate = roll(10);
        if (fate === 0) continue;
        if (fate === 1) records.push(record);
        else pair.give(end, record);
        if (fate === 2) pair.give(end, record);
      }
      if (roll(4) === 0) records.reverse();
    }
  }
});
