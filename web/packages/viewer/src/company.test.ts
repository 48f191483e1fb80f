import { Channel, encodeLine, type ToRelay, utf8 } from "@handrail/protocol";
import { describe, expect, test } from "vitest";
import { Stage } from "./testing/stage.ts";

const BEN = { subject: "b1", name: "Ben Okafor", title: "Second line" };
const CHIARA = { subject: "c1", name: "Chiara Rossi" };
const INVITED = { type: "invited", colleague: BEN, hand_over: false, within: 300 } as const;

/** A session with a level. */
async function live(): Promise<Stage> {
  const stage = new Stage();
  await stage.pair();
  await stage.live("view", 1);
  return stage;
}

function said(stage: Stage, type: ToRelay["type"]): ToRelay[] {
  return stage.said.filter((message) => message.type === type);
}

describe("colleagues", () => {
  test("are looked for one search after the other, and only the newest answer is told", async () => {
    const stage = await live();
    stage.helper.findColleagues("  be ");
    stage.helper.findColleagues("ben");
    stage.helper.findColleagues("chi");
    expect(said(stage, "colleagues")).toEqual([{ type: "colleagues", search: "be" }]);
    expect(stage.state.colleagues).toEqual({ search: "chi", people: null, fault: null });
    await stage.relay({ type: "colleagues", people: [BEN] });
    expect(said(stage, "colleagues").at(-1)).toEqual({ type: "colleagues", search: "chi" });
    expect(stage.state.colleagues?.people).toBeNull();
    await stage.relay({ type: "colleagues", people: [CHIARA] });
    expect(stage.state.colleagues).toEqual({ search: "chi", people: [CHIARA], fault: null });
    await stage.relay({ type: "colleagues", people: [BEN] });
    expect(stage.state.colleagues?.people, "nobody asked").toEqual([CHIARA]);
  });

  test("are not looked for before a level stands, and a refusal ends the search", async () => {
    const early = new Stage();
    await early.pair();
    early.helper.findColleagues("ben");
    early.helper.invite(BEN, false);
    expect(early.said.at(-1)?.type).toBe("shook");
    expect(early.notices()).toMatchObject([{ fault: { code: "RH-1204" } }, { fault: { code: "RH-1204" } }]);
    const stage = await live();
    stage.helper.findColleagues("ben");
    await stage.relay({ type: "faulted", fault: "RH-1204", text: "Not now." });
    expect(stage.state.colleagues).toMatchObject({ search: "ben", people: null, fault: { code: "RH-1204" } });
    stage.helper.findColleagues("ben");
    await stage.relay({ type: "colleagues", people: [] });
    expect(stage.state.colleagues).toEqual({ search: "ben", people: [], fault: null });
  });

  test("a search is as long as the relay takes it, and names cannot turn a line around", async () => {
    const stage = await live();
    stage.helper.findColleagues("é".repeat(200));
    expect(said(stage, "colleagues")).toEqual([{ type: "colleagues", search: "é".repeat(50) }]);
    await stage.relay({ type: "colleagues", people: [{ subject: "b1", name: "Ben\u202e", title: "\u202e" }] });
    expect(stage.state.colleagues?.people).toEqual([{ subject: "b1", name: "Ben", title: "–" }]);
  });
});

describe("an invitation", () => {
  test("is told to the sharer, sealed, before the relay hears of it", async () => {
    const stage = await live();
    const order: string[] = [];
    const { said: messages, records } = stage;
    messages.push = (...all) => order.push(...all.map(({ type }) => type));
    records.push = (...all) => order.push(...all.map(() => "sealed"));
    stage.helper.invite(BEN, true);
    await stage.helper.settled();
    expect(order).toEqual(["sealed", "invite"]);
  });

  test("is open until it is over", async () => {
    const stage = await live();
    stage.helper.invite(BEN, true);
    await stage.exchange();
    expect(stage.controls().at(-1)).toEqual({ type: "invite", subject: "b1", name: "Ben Okafor", hand_over: true });
    expect(stage.said.at(-1)).toEqual({ type: "invite", subject: "b1", hand_over: true });
    expect(stage.state.invitations ?? [], "the relay has not answered").toEqual([]);
    await stage.relay({ ...INVITED, hand_over: true });
    const until = stage.now + 300_000;
    expect(stage.state.invitations).toEqual([{ subject: "b1", name: "Ben Okafor", handOver: true, until }]);
    expect(stage.helper.pollTimeout()).toBeLessThanOrEqual(until);
    stage.now = until;
    stage.helper.handleTimeout();
    expect(stage.state.invitations).toEqual([]);
    expect(stage.notices()).toEqual([]);
  });

  test("that nobody follows is told, and the sharer lets nobody in on it", async () => {
    const stage = await live();
    await stage.relay(INVITED, { ...INVITED, colleague: CHIARA });
    await stage.relay({ type: "uninvited", subject: "b1", fault: "RH-1401" });
    await stage.exchange();
    expect(stage.state.invitations).toMatchObject([{ subject: "c1" }]);
    expect(stage.notices()).toMatchObject([{ kind: "uninvited", name: "Ben Okafor", fault: { code: "RH-1401" } }]);
    expect(stage.controls().at(-1)).toEqual({ type: "uninvite", subject: "b1" });
    expect(said(stage, "uninvite")).toEqual([]);
  });

  test("is taken back without a notice", async () => {
    const stage = await live();
    await stage.relay(INVITED);
    stage.helper.uninvite("b1");
    expect(stage.state.invitations).toEqual([]);
    await stage.exchange();
    expect(stage.controls().at(-1)).toEqual({ type: "uninvite", subject: "b1" });
    expect(stage.said.at(-1)).toEqual({ type: "uninvite", subject: "b1" });
    await stage.relay({ type: "uninvited", subject: "b1", fault: "RH-1107" });
    expect(stage.notices()).toEqual([]);
  });

  test.each(["RH-1219", "RH-1220"] as const)(
    "that the relay refuses with %s is taken back at the sharer",
    async (code) => {
      const stage = await live();
      stage.helper.findColleagues("chi");
      stage.helper.invite(BEN, false);
      await stage.exchange();
      await stage.relay({ type: "faulted", fault: code, text: "No." });
      await stage.exchange();
      expect(stage.controls().at(-1)).toEqual({ type: "uninvite", subject: "b1" });
      expect(stage.notices()).toMatchObject([{ kind: "fault", fault: { code } }]);
      expect(stage.state.colleagues, "the search goes on").toMatchObject({ search: "chi", fault: null });
    },
  );

  test("is used when its colleague comes", async () => {
    const stage = await live();
    await stage.relay(INVITED, { ...INVITED, colleague: CHIARA });
    const [me, ben] = [
      { pair: 0, name: "Amina Diallo", level: "view" },
      { pair: 1, name: "Ben Okafor", level: null },
    ] as const;
    stage.sharer?.sendControl({ type: "helpers", helpers: [me] }, stage.now);
    await stage.exchange();
    await stage.relay({ type: "uninvited", subject: "b1" });
    expect(stage.state.invitations).toMatchObject([{ subject: "c1" }]);
    expect(stage.notices()).toEqual([]);
    stage.sharer?.sendControl({ type: "helpers", helpers: [me, ben] }, stage.now);
    await stage.exchange();
    expect(stage.state.helpers).toEqual([
      { ...me, isMe: true },
      { ...ben, isMe: false },
    ]);
    expect(stage.controls(), "the sharer goes on expecting Ben").toEqual([]);
  });

  test("is over with the session, and a hand-over ends it", async () => {
    const stage = await live();
    await stage.relay(INVITED);
    await stage.relay({ type: "ended", fault: "RH-1509", text: "Your colleague has taken the session over." });
    expect(stage.state).toMatchObject({ phase: "ended", invitations: [], end: { fault: { code: "RH-1509" } } });
    const before = stage.said.length;
    stage.helper.invite(BEN, false);
    stage.helper.findColleagues("ben");
    stage.helper.uninvite("b1");
    await stage.helper.settled();
    expect(stage.said).toHaveLength(before);
  });
});

test("lines keep the name of a helper who left", async () => {
  const stage = await live();
  const helpers = [{ pair: 1, name: "Ben\u202e Okafor", level: "view" }] as const;
  const line = (id: number, author: number | null, text: string) =>
    stage.sharer?.send(Channel.Chat, encodeLine({ id, author, text }) ?? utf8(""), stage.now);
  stage.sharer?.sendControl({ type: "helpers", helpers }, stage.now);
  await stage.exchange();
  line(1, 1, "I am here");
  stage.sharer?.sendControl({ type: "helpers", helpers: [] }, stage.now);
  await stage.exchange();
  line(2, 1, "late");
  line(3, null, "Thank you");
  line(4, 9, "who?");
  stage.helper.chat("hello");
  await stage.exchange();
  expect(stage.state.chat?.map(({ mine, helper, text }) => [mine, helper, text])).toEqual([
    [false, "Ben Okafor", "I am here"],
    [true, null, "hello"],
    [false, "Ben Okafor", "late"],
    [false, null, "Thank you"],
    [false, "–", "who?"],
  ]);
});
