import { flight, toHex, utf8 } from "@handrail/protocol";
import { Person } from "@handrail/protocol/testing";
import { describe, expect, test } from "vitest";
import { AT, amina, issuer, LINE, PEER, SESSION, Stage, yuki } from "./testing/stage.ts";

const INVITATION = { session: SESSION, sharer: { subject: "y1", name: "Yuki Tanaka" } };
const CREATED = { type: "created", session: SESSION, routing: "047", expires_in: 600 } as const;

describe("a session by invitation", () => {
  test("accepts, checks, and goes live as the pair that the relay names", async () => {
    const stage = new Stage(INVITATION);
    await stage.pair();
    expect(stage.said.slice(0, 2)).toEqual([
      { type: "hello", protocol: { min: 1, max: 1 }, role: "helper", client: "test 1", ticket: "ticket" },
      { type: "accept", session: SESSION },
    ]);
    expect(stage.states.flatMap(({ phase }) => phase ?? [])).toEqual(["checking", "choosing"]);
    expect(stage.said.at(-1)).toMatchObject({
      ...{ type: "shook", pair: 2, helper_key: toHex(amina.binding.x25519.publicKey) },
      sharer_key: toHex(yuki.binding.ed25519.publicKey),
    });
    expect(stage.state).toMatchObject({ session: SESSION, code: null, card: { subject: "y1" } });
    stage.helper.ask("view");
    await stage.live("view", 1);
    expect(stage.state).toMatchObject({ phase: "live", level: "view" });
    stage.helper.chat("hello");
    await stage.exchange();
    expect(stage.atSharer.filter(({ type }) => type === "message")).toHaveLength(1);
  });

  test("ends if another person than the expected one shares, who learns nothing", async () => {
    const stage = new Stage(INVITATION);
    stage.person = await Person.signIn(issuer, "sharer", AT, { sub: "x1" });
    await stage.accept();
    const { third } = await stage.tryCode(null);
    stage.helper.handleFrame(flight(2, 1n, third));
    await stage.helper.settled();
    expect(stage.records, "no fourth flight").toEqual([]);
    expect(stage.said.at(-1)).toEqual({ type: "shake_failed", pair: 2, burned: false });
    expect(stage.state).toMatchObject({ phase: "ended", end: { fault: { code: "RH-1303" } } });
    expect(stage.isClosed).toBe(true);
  });

  test("ends if the sharer is not verified", async () => {
    const stage = new Stage(INVITATION);
    stage.person = await Person.signIn(issuer, "sharer", AT, { nonce: "another sign-in" });
    await stage.accept();
    const { third } = await stage.tryCode(null);
    stage.helper.handleFrame(flight(2, 1n, third));
    await stage.helper.settled();
    expect(stage.records).toEqual([]);
    expect(stage.state).toMatchObject({ phase: "ended", end: { fault: { code: "RH-1302" } } });
  });

  test("is tried once: neither a code nor a broken flight can take its place", async () => {
    const coded = new Stage(INVITATION);
    await coded.accept();
    await expect(coded.tryCode("04712345")).rejects.toThrow();
    expect(coded.said.at(-1)).toEqual({ type: "shake_failed", pair: 2, burned: false });
    expect(coded.state).toMatchObject({ phase: "ended", end: { fault: { code: "RH-1301" } } });
    const broken = new Stage(INVITATION);
    await broken.accept();
    const { third } = await broken.tryCode(null);
    third[3] = (third[3] ?? 0) ^ 1;
    broken.helper.handleFrame(flight(2, 1n, third));
    await broken.helper.settled();
    expect(broken.state).toMatchObject({ phase: "ended", end: { fault: { code: "RH-1301" } } });
    const twice = new Stage(INVITATION);
    await twice.accept();
    await twice.tryCode(null);
    await expect(twice.tryCode(null)).rejects.toThrow();
    expect(twice.state).toMatchObject({ phase: "ended", end: { fault: { code: "RH-1301" } } });
  });

  test("is not turned into one with a code by the relay", async () => {
    const stage = new Stage(INVITATION);
    await stage.accept();
    await stage.relay(CREATED);
    expect(stage.state).toMatchObject({ phase: "ended", end: { fault: { code: "RH-1003" } } });
    expect(stage.states.every(({ code }) => !code)).toBe(true);
  });

  test("that is refused ends with the reason", async () => {
    const stage = new Stage(INVITATION);
    await stage.accept();
    await stage.relay({ type: "faulted", fault: "RH-1208", text: "Again.", step_up: { acr_values: ["mfa"] } });
    const fault = { code: "RH-1208", text: "Again.", stepUp: { acr_values: ["mfa"] } };
    expect(stage.state).toMatchObject({ phase: "ended", end: { fault } });
  });

  test("that is not open any more ends", async () => {
    const stage = new Stage(INVITATION);
    await stage.accept();
    await stage.tryCode(null);
    await stage.relay({ type: "unclaimed" });
    expect(stage.state).toMatchObject({ phase: "ended", end: { fault: { code: "RH-1107" } } });
  });
});

describe("a session with a code", () => {
  test("never answers a handshake without one, and loses no attempt by it", async () => {
    const stage = new Stage();
    await stage.code();
    await expect(stage.tryCode(null)).rejects.toThrow();
    expect(stage.said.at(-1)).toEqual({ type: "shake_failed", pair: 0, burned: false });
    expect(stage.state).toMatchObject({ phase: "checking", attemptsLeft: 3 });
  });

  test("passes over invitations of others, and ends if it is claimed without a code", async () => {
    const stage = new Stage();
    stage.helper.hello("ticket");
    const ben = { subject: "b1", name: "Ben Okafor" };
    const invitation = { session: SESSION, by: ben, sharer: { subject: "y1", name: "Yuki Tanaka" } };
    await stage.relay(
      { type: "welcome", protocol: 1, you: PEER, relay: "test", line: LINE, keep: 60 },
      { type: "invitation", ...invitation, hand_over: false, within: 300 },
      { type: "invitation_gone", session: SESSION },
    );
    expect(stage.states).toEqual([]);
    await stage.relay({ type: "claimed", tenant: "contoso", pair: 0 });
    stage.helper.handleFrame(flight(0, 0n, utf8("x")));
    await stage.helper.settled();
    expect(stage.state).toMatchObject({ phase: "ended", end: { fault: { code: "RH-1003" } } });
  });
});
