import {
  Channel,
  consentBytes,
  decodeLine,
  encodeInput,
  encodeLaser,
  encodeLine,
  fromHex,
  toHex,
  utf8,
  type VideoFrameBytes,
  VideoFrames,
} from "@handrail/protocol";
import { BUNDLE } from "@handrail/protocol/testing";
import { describe, expect, test } from "vitest";
import { amina, another, CODE, Other, SESSION, Stage, strangeKey } from "./testing/stage.ts";

const head = { codec: "vp9", width: 640, height: 480 } as const;
const frame = (number: number, key: boolean, bytes = "x"): VideoFrameBytes => ({
  ...head,
  frame: number,
  key,
  bytes: utf8(bytes),
});

/** What a helper could show. */
function shown(other: Other): [number, boolean][] {
  const frames = new VideoFrames();
  return other.heard.flatMap((news) => {
    const whole = news.type === "message" && news.channel === Channel.Picture ? frames.push(news.message) : null;
    return whole === null ? [] : [[whole.frame, whole.key] as [number, boolean]];
  });
}

function controls(other: Other): unknown[] {
  return other.heard.flatMap((news) => (news.type === "control" ? [news.control] : []));
}

function consents(stage: Stage) {
  return stage.said.flatMap((one) => (one.type === "consent" ? [one] : []));
}

describe("a code", () => {
  test("is read as people write it, and three digits of it leave", async () => {
    const stage = new Stage();
    await stage.join("٠٤٧ 12–345");
    expect(stage.said).toEqual([
      { type: "hello", protocol: { min: 1, max: 1 }, role: "sharer", client: "test 1", ticket: "ticket" },
      { type: "join", routing: "047" },
    ]);
    expect(stage.state.phase).toBe("checking");
    await stage.relay({ type: "faulted", fault: "RH-1102", text: "No." });
    expect(stage.state).toMatchObject({ phase: "code", notice: { fault: { code: "RH-1102" } } });
  });

  test("that is none goes nowhere", async () => {
    const stage = new Stage();
    await stage.join("1234 567x");
    expect(stage.said.map(({ type }) => type)).toEqual(["hello"]);
    expect(stage.state).toMatchObject({ phase: "code", notice: { fault: { code: "RH-1101" } } });
  });

  test("that is wrong ends in a failed check, and shows nobody", async () => {
    const stage = new Stage();
    await stage.join();
    await expect(stage.shake(new Other(0, amina), "04712346")).rejects.toThrow();
    expect(stage.said.at(-1)).toEqual({ type: "shake_failed", pair: 0, burned: false });
    expect(stage.state).toMatchObject({ phase: "ended", end: { fault: { code: "RH-1301" } }, helpers: [] });
  });

  test("of another organisation's relay is used by nobody", async () => {
    const stage = new Stage();
    await stage.join();
    await stage.relay({ type: "joined", session: SESSION, tenant: "fabrikam", pair: 0 });
    expect(stage.said.at(-1)).toEqual({ type: "leave" });
    expect(stage.state.end).toMatchObject({ fault: { code: "RH-1704" } });
  });
});

describe("a helper", () => {
  test("is shown as verified, once the relay agrees", async () => {
    const stage = new Stage();
    const other = await stage.pair();
    expect(stage.said.at(-1)).toMatchObject({ type: "shook", helper_key: toHex(other.key.publicKey) });
    expect(stage.state.phase).toBe("meeting");
    expect(stage.helper).toMatchObject({
      card: { name: "Amina Diallo", domain: "contoso.example", program: "browser", directory: { title: "Director" } },
      isFirstContact: true,
      isViewing: false,
      question: null,
    });
  });

  test("whom the relay names otherwise ends it", async () => {
    const stage = new Stage();
    await stage.pair("x1");
    expect(stage.said.at(-1)).toEqual({ type: "leave" });
    expect(stage.state).toMatchObject({ end: { fault: { code: "RH-1303" } }, helpers: [] });
  });

  test("who is nobody by their own sign-in is not met", async () => {
    const stage = new Stage();
    await stage.join();
    const other = new Other(0, await another("b1"));
    const impostor = new Proxy(other, {
      get: (from, name) => (name === "key" ? amina.binding.x25519 : Reflect.get(from, name)),
    });
    await stage.shake(impostor, CODE);
    expect(stage.said.at(-1)).toEqual({ type: "shake_failed", pair: 0, burned: false });
    expect(stage.state.end).toMatchObject({ fault: { code: "RH-1302" } });
  });
});

describe("a question", () => {
  test("waits with a stranger, and a yes is signed for exactly what was read", async () => {
    const stage = new Stage();
    const other = await stage.pair();
    await stage.relay({ type: "asked", pair: 0, level: "view", within: 300 });
    expect(stage.helper?.question).toEqual({ serial: 1, allowFrom: stage.now + 5000, until: stage.now + 300_000 });
    stage.session.allow(0, "the text");
    await stage.session.settled();
    expect(consents(stage)).toEqual([]);
    expect(stage.state.notice).toMatchObject({ fault: { code: "RH-1403" } });
    stage.now += 5000;
    stage.session.allow(0, "the text");
    await stage.session.settled();
    const [consent] = consents(stage);
    expect(consent).toMatchObject({
      level: "view",
      generation: 1,
      answer: "allow",
      signed: { ui: "window", subject: "a1" },
    });
    const signed = consent?.signed;
    const text = consentBytes({
      session: fromHex(SESSION) ?? utf8(""),
      ...{
        tenant: "contoso",
        pair: 0,
        level: "view",
        generation: 1,
        issuer: BUNDLE.issuer,
        subject: "a1",
        ui: "window",
      },
      hash: fromHex(other.hash) ?? utf8(""),
      helperKey: other.key.publicKey,
      shown: new Uint8Array(await crypto.subtle.digest("SHA-256", utf8("the text"))),
      at: signed?.at ?? 0,
    });
    const shook = stage.said.find((one) => one.type === "shook");
    const key = await crypto.subtle.importKey("raw", fromHex(shook?.sharer_key ?? "") ?? text, "Ed25519", false, [
      "verify",
    ]);
    const raw = Uint8Array.from(atob((signed?.signature ?? "").replaceAll("-", "+").replaceAll("_", "/")), (one) =>
      one.charCodeAt(0),
    );
    expect(await crypto.subtle.verify("Ed25519", key, raw, text)).toBe(true);
  });

  test("can be declined, and withdrawn", async () => {
    const stage = new Stage();
    await stage.pair();
    await stage.relay({ type: "asked", pair: 0, level: "view", within: 300 });
    stage.session.decline(0);
    await stage.session.settled();
    expect(consents(stage)).toMatchObject([{ answer: "decline", level: "view", generation: 0 }]);
    await stage.relay({ type: "asked", pair: 0, level: "view", within: 60 }, { type: "withdrawn", pair: 0 });
    expect(stage.helper?.question).toBeNull();
  });

  test.each(["control", "elevation", "unattended"] as const)("for %s is put to nobody", async (level) => {
    const stage = new Stage();
    await stage.live();
    await stage.relay({ type: "asked", pair: 0, level, within: 60 });
    expect(stage.helper?.question).toBeNull();
    expect(consents(stage).at(-1)).toMatchObject({ answer: "decline", level });
    expect(stage.helper?.isViewing, "what stands goes on").toBe(true);
  });
});

describe("a grant", () => {
  test("begins the picture, and has to be renewed", async () => {
    const stage = new Stage();
    const other = await stage.live();
    expect(stage.helper?.isViewing).toBe(true);
    expect(stage.session.isOpen).toBe(true);
    expect(stage.session.needsKey).toBe(true);
    stage.session.show(frame(1, false));
    stage.session.show(frame(2, true));
    stage.session.show(frame(3, false));
    await stage.exchange();
    expect(shown(other), "nothing before a key").toEqual([
      [2, true],
      [3, false],
    ]);
    other.end?.flushAcks(stage.now);
    await stage.exchange();
    stage.now += 10_000;
    stage.session.handleTimeout();
    expect(stage.said.at(-1)).toMatchObject({ type: "challenge", generation: 1 });
    stage.now += 49_999;
    expect(stage.session.isOpen).toBe(true);
    stage.now += 1;
    expect(stage.session.isOpen, "60 s without an answered challenge").toBe(false);
  });

  test("of another level, key, organisation or challenge begins nothing", async () => {
    for (const differ of [
      { level: "control" as const },
      { hk: await strangeKey() },
      { tid: "fabrikam" },
      { nonce: "another" },
    ]) {
      const stage = new Stage();
      const other = await stage.pair();
      await stage.allow(other);
      await stage.grant(other, differ);
      expect(stage.helper?.isViewing, JSON.stringify(differ)).toBe(false);
      expect(stage.session.isOpen).toBe(false);
    }
  });

  test("that nobody consented to begins nothing", async () => {
    const stage = new Stage();
    const other = await stage.pair();
    stage.said.push({ type: "challenge", pair: 0, generation: 1, nonce: "n" });
    await stage.grant(other);
    expect(stage.session.isOpen).toBe(false);
  });
});

/** PRODUCT 3.2: a sharer in a browser is view only by construction. */
test("input is never opened: there is no key for it", async () => {
  const stage = new Stage();
  const other = await stage.live();
  const key = { event: "key", usage: 4, down: true, caps: false, num: false, text: "a" } as const;
  const before = stage.states.length;
  other.end?.send(Channel.Input, encodeInput({ first: 1, clockMs: 0, events: [key] }), stage.now);
  await stage.exchange();
  expect(stage.states.slice(before)).toEqual([]);
});

describe("the session", () => {
  test("is paused, reset and left", async () => {
    const stage = new Stage();
    const other = await stage.live();
    stage.session.show(frame(1, true));
    stage.session.pause(true);
    expect([stage.session.isOpen, stage.session.needsKey]).toEqual([false, false]);
    stage.session.show(frame(2, false));
    stage.session.pause(false);
    other.end?.sendControl({ type: "reset" }, stage.now);
    await stage.exchange();
    expect(stage.session.needsKey).toBe(true);
    stage.session.show(frame(3, false));
    stage.session.show(frame(4, true));
    await stage.exchange();
    expect(shown(other)).toEqual([
      [1, true],
      [4, true],
    ]);
    expect(controls(other).slice(-3)).toEqual([
      { type: "helpers", helpers: [{ pair: 0, name: "Amina Diallo", level: "view" }] },
      { type: "pause", on: true },
      { type: "pause", on: false },
    ]);
    stage.session.leave();
    expect(stage.said.at(-1)).toEqual({ type: "leave" });
    expect(stage.state).toMatchObject({ phase: "ended", end: { fault: null } });
    expect([stage.session.isOpen, stage.isClosed]).toEqual([false, true]);
  });

  test("has chat and a laser", async () => {
    const stage = new Stage();
    const other = await stage.live();
    stage.session.chat("Hallo");
    other.end?.send(Channel.Chat, encodeLine({ id: 1, author: null, text: "مرحبا" }) ?? utf8(""), stage.now);
    other.end?.send(Channel.Pointer, encodeLaser({ on: true, x: 10, y: 20, colour: [1, 2, 3] }), stage.now);
    await stage.exchange();
    expect(stage.state.chat).toMatchObject([
      { mine: true, text: "Hallo" },
      { mine: false, helper: null, text: "مرحبا" },
    ]);
    expect(stage.helper?.dot).toEqual({ x: 10, y: 20, colour: [1, 2, 3] });
    const heard = other.heard.find((news) => news.type === "message" && news.channel === Channel.Chat);
    expect(heard?.type === "message" && decodeLine(heard.message).text).toBe("Hallo");
  });

  test("sends no more than is acknowledged", async () => {
    const stage = new Stage();
    await stage.live();
    for (let number = 1; stage.session.isOpen; number += 1) {
      stage.session.show(frame(number, number === 1));
      await stage.session.settled();
      expect(number).toBeLessThan(10);
    }
    stage.now += 51;
    await stage.exchange();
    for (const { end } of stage.others) end?.handleTimeout(stage.now);
    await stage.exchange();
    expect(stage.session.isOpen, "the helper has them").toBe(true);
  });
});

describe("another helper", () => {
  test("comes only if one of the session said so, and is asked about by itself", async () => {
    const stage = new Stage();
    const first = await stage.live();
    const ben = new Other(1, await another("b1"));
    stage.others.push(ben);
    await stage.relay({ type: "joined", session: SESSION, tenant: "contoso", pair: 1 });
    expect(stage.said.at(-1), "nobody asked for company").toEqual({ type: "shake_failed", pair: 1, burned: false });
    expect(stage.state.phase, "the session goes on").toBe("live");
    first.end?.sendControl({ type: "invite", subject: "b1", name: "Ben Okafor", hand_over: false }, stage.now);
    await stage.exchange();
    await stage.shake(ben, null);
    expect(stage.state.helpers).toHaveLength(1);
    const peer = { name: "Ben Okafor", subject: "b1", issuer: BUNDLE.issuer };
    await stage.relay({ type: "paired", pair: 1, peer, levels: ["view"] });
    expect(stage.state.helpers).toMatchObject([
      { pair: 0, isViewing: true },
      { pair: 1, invitedBy: "Amina Diallo", isViewing: false },
    ]);
    stage.session.show(frame(1, true));
    await stage.allow(ben);
    await stage.grant(ben);
    expect(stage.session.needsKey, "who comes later needs a key").toBe(true);
    stage.session.show(frame(2, true));
    await stage.exchange();
    expect([shown(first), shown(ben)]).toEqual([
      [
        [1, true],
        [2, true],
      ],
      [[2, true]],
    ]);
    await stage.relay({ type: "departed", pair: 1, fault: "RH-1501" });
    expect(stage.state.helpers).toHaveLength(1);
    expect(stage.state.notice).toMatchObject({ kind: "departed", name: "Ben Okafor" });
  });

  test("who is not the one that was asked in is not let in", async () => {
    const stage = new Stage();
    const first = await stage.live();
    first.end?.sendControl({ type: "invite", subject: "c1", name: "Chiara", hand_over: false }, stage.now);
    await stage.exchange();
    const ben = new Other(1, await another("b1"));
    stage.others.push(ben);
    await stage.shake(ben, null);
    expect(stage.said.at(-1)).toEqual({ type: "shake_failed", pair: 1, burned: false });
    expect(stage.state.helpers).toHaveLength(1);
  });
});

describe("a lost connection", () => {
  test("of a helper is told and waited for; then the picture waits for the helper's word, and the grant is renewed at once", async () => {
    const stage = new Stage();
    const other = await stage.live();
    expect(stage.session.isOpen).toBe(true);
    await stage.relay({ type: "away", pair: 0, within: 60 });
    expect(stage.helper).toMatchObject({ isAway: true, isViewing: true });
    expect(stage.session.isOpen).toBe(false);
    const challenges = () => stage.said.filter(({ type }) => type === "challenge").length;
    const before = challenges();
    await stage.relay({ type: "back", pair: 0, round: 1 });
    expect(stage.helper).toMatchObject({ isAway: false });
    expect(stage.session.isOpen, "records could overtake the relay's word").toBe(false);
    stage.session.handleTimeout();
    expect(challenges()).toBe(before + 1);
    other.end?.carrierChanged(1, stage.now);
    await stage.exchange();
    expect(stage.session.isOpen).toBe(true);
    stage.session.show(frame(1, true));
    await stage.exchange();
    expect(shown(other)).toEqual([[1, true]]);
  });

  test("of the page itself is told", async () => {
    const stage = new Stage();
    await stage.live();
    stage.session.carrierLost();
    expect(stage.state.isAway).toBe(true);
    stage.session.carrierChanged();
    expect(stage.state.isAway).toBe(false);
  });
});
