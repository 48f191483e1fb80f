import { Channel, encodeLine, flight, MAX_LINE, toHex, utf8 } from "@handrail/protocol";
import { BUNDLE, Person, TestIssuer } from "@handrail/protocol/testing";
import { describe, expect, test } from "vitest";
import { AT, amina, issuer, PEER, Stage, yuki } from "./testing/stage.ts";

const A = { event: "key", usage: 4, down: true, caps: false, num: false, text: "a" } as const;

describe("the helper's session", () => {
  test("shows a code, pairs, and goes live with the sharer's keys", async () => {
    const stage = new Stage();
    const code = await stage.code();
    expect(code).toMatch(/^047\d{5}$/);
    expect(stage.said).toEqual([
      { type: "hello", protocol: { min: 1, max: 1 }, role: "helper", client: "test 1", ticket: "ticket" },
      { type: "create", reason: "The printer" },
    ]);
    expect(stage.state).toMatchObject({ phase: "code", attemptsLeft: 3, code: { expiresAt: 601_000 } });
    const paired = new Stage();
    await paired.pair();
    expect(paired.said.at(-1)).toMatchObject({
      ...{ type: "shook", pair: 0 },
      helper_key: toHex(amina.binding.x25519.publicKey),
      sharer_key: toHex(yuki.binding.ed25519.publicKey),
    });
    expect(paired.state).toMatchObject({ phase: "choosing", code: null, mayChat: true, compliance: null });
    paired.helper.ask("control");
    expect(paired.state.question).toEqual({ level: "control", until: 301_000 });
    await paired.grant("control", 1);
    expect(paired.state.phase, "the relay's word is not enough").toBe("choosing");
    await paired.begin(1);
    expect(paired.state).toMatchObject({ phase: "live", level: "control", question: null });
  });

  test("the card keeps apart what was verified and what only the relay says", async () => {
    const stage = new Stage();
    const said = {
      name: "Yuki Tanaka\u202e",
      title: "Director",
      company: "Contoso",
      picture: "data:image/png;base64,AA==",
    };
    await stage.pair({ peer: { ...PEER, ...said, program: "browser" } });
    expect(stage.state.card).toEqual({
      ...PEER,
      ...{ domain: "contoso.example", title: "Pharmacist", program: "native" },
      directory: { title: "Director", company: "Contoso", picture: said.picture },
    });
  });

  test("a sharer who is not verified is not answered", async () => {
    const others = await Promise.all([
      Person.signIn(issuer, "sharer", AT, { iss: "https://id.fabrikam.example" }),
      Person.signIn(issuer, "sharer", AT, { nonce: "another sign-in" }),
      Person.signIn(issuer, "sharer", AT - 12 * 3600),
      Person.signIn(await TestIssuer.draw(), "sharer", AT),
      Person.signIn(issuer, "sharer", AT, { aud: BUNDLE.clients.helper }),
    ]);
    for (const person of others) {
      const stage = new Stage();
      stage.person = person;
      const { third } = await stage.tryCode(await stage.code());
      stage.helper.handleFrame(flight(0, 1n, third));
      await stage.helper.settled();
      expect(stage.records, "no fourth flight").toEqual([]);
      expect(stage.said.at(-1)).toEqual({ type: "shake_failed", pair: 0, burned: false });
      expect(stage.notices()).toMatchObject([{ kind: "attempt_failed", count: 2, fault: { code: "RH-1302" } }]);
    }
  });

  test.each([{ subject: "x1" }, { issuer: "https://id.fabrikam.example" }])(
    "a relay that names another person ends it: %o",
    async (other) => {
      const stage = new Stage();
      await stage.pair({ peer: { ...PEER, ...other } });
      expect(stage.said.at(-1)).toEqual({ type: "leave" });
      expect(stage.state).toMatchObject({ phase: "ended", end: { fault: { code: "RH-1303" } } });
      expect(stage.state.card ?? null).toBeNull();
    },
  );

  test("a warning about the device is acknowledged once for each state", async () => {
    const stage = new Stage();
    const stale = { state: "stale", action: "require_ack", rule: "Lab" } as const;
    await stage.pair({ compliance: stale });
    expect(stage.state.compliance).toEqual({ ...stale, isAcknowledged: false });
    stage.helper.acknowledge();
    expect(stage.said.at(-1)).toEqual({ type: "acknowledge", pair: 0, state: "stale" });
    await stage.relay({ type: "compliance", pair: 0, compliance: { state: "stale", action: "require_ack" } });
    expect(stage.state.compliance).toMatchObject({ isAcknowledged: true });
    const lost = { state: "not_compliant", action: "require_ack" } as const;
    await stage.relay({ type: "compliance", pair: 0, compliance: lost });
    expect(stage.state.compliance).toEqual({ ...lost, isAcknowledged: false });
    await stage.relay({ type: "compliance", pair: 0 });
    expect(stage.state.compliance).toBeNull();
  });

  test("rules that change are told, and a refusal names its rule", async () => {
    const stage = new Stage();
    await stage.pair({ chat: false });
    expect(stage.state.mayChat).toBe(false);
    await stage.relay({ type: "rules", pair: 0, levels: ["view"] });
    expect(stage.state).toMatchObject({ levels: ["view"], mayChat: true });
    await stage.relay({ type: "faulted", fault: "RH-1210", text: "No.", rule: "Office only" });
    expect(stage.notices()).toMatchObject([{ kind: "fault", fault: { code: "RH-1210", rule: "Office only" } }]);
    await stage.relay({ type: "ended", fault: "RH-1209", text: "Again.", rule: "Fresh sign-in" });
    expect(stage.state.end).toEqual({ fault: { code: "RH-1209", text: "Again.", rule: "Fresh sign-in" } });
  });

  test("three wrong codes burn it", async () => {
    const stage = new Stage();
    const code = await stage.code();
    const wrong = code.slice(0, 7) + ((Number(code[7]) + 1) % 10);
    for (const left of [2, 1]) {
      await expect(stage.tryCode(wrong)).rejects.toThrow();
      await stage.relay({ type: "unclaimed" });
      expect(stage.state).toMatchObject({ phase: "code", attemptsLeft: left });
    }
    await expect(stage.tryCode(wrong)).rejects.toThrow();
    await stage.relay({ type: "unclaimed" });
    expect(stage.said.at(-1)).toEqual({ type: "shake_failed", pair: 0, burned: true });
    expect(stage.state).toMatchObject({ phase: "ended", end: { fault: { code: "RH-1103" } } });
    expect(stage.isClosed).toBe(true);
  });

  test("a sharer who proves nothing at the third flight is told as a failed attempt", async () => {
    const stage = new Stage();
    const { third } = await stage.tryCode(await stage.code());
    third[3] = (third[3] ?? 0) ^ 1;
    stage.helper.handleFrame(flight(0, 1n, third));
    await stage.helper.settled();
    expect(stage.said.at(-1)).toEqual({ type: "shake_failed", pair: 0, burned: false });
    expect(stage.notices()).toMatchObject([{ kind: "attempt_failed", count: 2, fault: { code: "RH-1301" } }]);
  });

  test("input flows under control only, and stops at once when a lower level is asked for", async () => {
    const stage = new Stage();
    await stage.pair();
    await stage.grant("view", 1);
    await stage.begin(1);
    stage.helper.act([A], stage.now);
    await stage.exchange();
    expect(stage.inputs()).toEqual([]);
    await stage.grant("control", 2);
    await stage.begin(2);
    stage.helper.act([A], stage.now);
    await stage.exchange();
    expect(stage.inputs()).toEqual([A]);
    stage.helper.ask("view");
    expect(stage.state).toMatchObject({ level: "view", question: { level: "view" } });
    stage.helper.act([A], stage.now);
    await stage.exchange();
    expect(stage.inputs()).toEqual([A]);
  });

  test("without credit only the newest place of the pointer waits, and long text fits its messages", async () => {
    const stage = new Stage();
    await stage.pair();
    await stage.grant("control", 1);
    await stage.begin(1);
    const long = { event: "text", text: "x".repeat(1024) } as const;
    for (let at = 0; at < 64; at += 1) stage.helper.act([long], stage.now);
    await stage.helper.settled();
    for (const x of [1, 2, 3]) stage.helper.act([{ event: "move", x, y: 0 }], stage.now);
    await stage.exchange();
    const before = stage.inputs().length;
    stage.helper.handleFrame({ kind: "credit", pair: 0, channel: Channel.Input, round: 0, limit: 1_000_000n });
    await stage.exchange();
    expect(before).toBeLessThan(64);
    expect(stage.inputs()).toEqual([...Array(64).fill(long), { event: "move", x: 3, y: 0 }]);
    stage.helper.act(Array(8).fill(long), stage.now);
    await stage.exchange();
    expect(stage.inputs()).toHaveLength(73);
  });

  test("the sharer's challenges do not close an open question", async () => {
    const stage = new Stage();
    await stage.pair();
    await stage.grant("view", 1);
    await stage.begin(1);
    stage.helper.ask("control");
    await stage.grant("view", 1);
    expect(stage.state.question).toMatchObject({ level: "control" });
    await stage.relay({ type: "declined", level: "control", fault: "RH-1401" });
    expect(stage.state).toMatchObject({ question: null, level: "view", notice: { kind: "declined" } });
  });

  test("a picture is acknowledged as painted, and a broken one asked for anew, at most every 2 s", async () => {
    const stage = new Stage();
    await stage.pair();
    await stage.grant("view", 1);
    await stage.begin(1);
    stage.sharer?.send(Channel.Picture, Uint8Array.of(7, 1, 2), stage.now);
    await stage.exchange();
    expect(stage.painted).toEqual([7]);
    expect(stage.state.picture).toEqual({ width: 640, height: 480 });
    expect(stage.atSharer).toContainEqual({ type: "control", control: { type: "painted", update: 7 } });
    expect(stage.atSharer).toContainEqual({ type: "acknowledged", next: 1n });
    stage.sharer?.send(Channel.Picture, Uint8Array.of(8), stage.now);
    stage.sharer?.sendControl({ type: "quiet", update: 8 }, stage.now);
    await stage.exchange();
    expect(stage.state.quiet).toBe(8);
    stage.sharer?.send(Channel.Picture, Uint8Array.of(9), stage.now);
    await stage.exchange();
    expect(stage.state.quiet).toBeNull();
    const resets = () => stage.atSharer.filter((news) => news.type === "control" && news.control.type === "reset");
    for (let at = 0; at < 3; at += 1) stage.sharer?.send(Channel.Picture, Uint8Array.of(0), stage.now);
    await stage.exchange();
    expect(resets()).toHaveLength(1);
    stage.now += 2000;
    stage.sharer?.send(Channel.Picture, Uint8Array.of(0), stage.now);
    await stage.exchange();
    expect(resets()).toHaveLength(2);
  });

  test("chat, pause, monitors and thrown-away input reach the page", async () => {
    const stage = new Stage();
    await stage.pair();
    stage.helper.chat("too early");
    await stage.grant("view", 1);
    await stage.begin(1);
    stage.helper.chat("x".repeat(MAX_LINE + 1));
    stage.helper.chat("hello");
    stage.sharer?.send(Channel.Chat, encodeLine({ id: 1, author: null, text: "مرحبا" }) ?? utf8(""), stage.now);
    stage.sharer?.sendControl({ type: "pause", on: true }, stage.now);
    stage.sharer?.sendControl({ type: "input_discarded", events: 3 }, stage.now);
    const output = { id: 1, name: "HDMI-1", x: 0, y: 0, width: 1920, height: 1080, primary: true };
    stage.sharer?.sendControl({ type: "outputs", outputs: [output], shown: 1 }, stage.now);
    await stage.exchange();
    expect(stage.state).toMatchObject({ paused: true, outputs: [output], output: 1 });
    expect(stage.state.chat?.map(({ mine, text }) => [mine, text])).toEqual([
      [true, "hello"],
      [false, "مرحبا"],
    ]);
    expect(stage.notices()).toMatchObject([
      { kind: "fault", fault: { code: "RH-1204" } },
      { kind: "chat_refused" },
      { kind: "input_discarded", count: 3 },
    ]);
  });

  test("what the sharer said before the end is told before it", async () => {
    const stage = new Stage();
    await stage.pair();
    await stage.grant("view", 1);
    await stage.begin(1);
    stage.sharer?.send(Channel.Chat, encodeLine({ id: 1, author: null, text: "bye" }) ?? utf8(""), stage.now);
    await stage.sharer?.settled();
    void stage.exchange();
    await stage.exchange();
    await stage.relay({ type: "ended", fault: "RH-1501", text: "The other person ended the session." });
    expect(stage.state.chat?.at(-1)?.text).toBe("bye");
    expect(stage.state).toMatchObject({ phase: "ended", end: { fault: { code: "RH-1501" } } });
  });

  test("leaving is told to the relay and is no fault", async () => {
    const stage = new Stage();
    await stage.code();
    stage.helper.leave();
    expect(stage.said.at(-1)).toEqual({ type: "leave" });
    expect(stage.state).toMatchObject({ phase: "ended", end: { fault: null } });
    await stage.relay({ type: "ended", fault: "RH-1501", text: "late" });
    expect(stage.state.end).toEqual({ fault: null });
  });

  test("a relay that speaks nonsense ends it", async () => {
    const stage = new Stage();
    stage.helper.handleFrame({ kind: "message", text: utf8('{"type":"dance"}') });
    await stage.helper.settled();
    expect(stage.state).toMatchObject({ phase: "ended", end: { fault: { code: "RH-1003" } } });
  });
});
