import { describe, expect, test } from "vitest";
import { type Bytes, concat, equal, fromHex, toHex, utf8 } from "../bytes.ts";
import { associated, RecordKey } from "../keys.ts";
import { Vector } from "../testing/vectors.ts";
import { generator, Half } from "./cpace.ts";
import { type Context, HandshakeError } from "./established.ts";
import { Attempts, draw, Helper } from "./helper.ts";
import { generateKeyPair, type KeyPair } from "./noise.ts";
import { agree } from "./schedule.ts";
import { drawSharer, Sharer } from "./sharer.ts";

const base64url = (bytes: Bytes) => Buffer.from(bytes).toString("base64url");

/** A key with these bytes, and its public half. */
async function keyOf(bytes: Bytes): Promise<KeyPair> {
  const prefix = fromHex("302e020100300506032b656e04220420") ?? bytes;
  const algorithm = { name: "X25519" };
  const readable = await crypto.subtle.importKey("pkcs8", concat(prefix, bytes), algorithm, true, ["deriveBits"]);
  const jwk = await crypto.subtle.exportKey("jwk", readable);
  expect(jwk.d).toBe(base64url(bytes));
  const publicKey = concat(Buffer.from(jwk.x ?? "", "base64url"));
  return { privateKey: readable, publicKey };
}

describe("cpace", () => {
  const vector = Vector.file("cpace");
  const hex = (name: string) => vector.at(name).hex();
  const setting = { password: hex("PRS"), channel: hex("CI"), session: hex("sid") };

  test("the vectors of the draft", () => {
    expect(toHex(concat(generator(setting).toBytes()))).toBe(toHex(hex("g")));
    const half = (name: string) => Half.draw(setting, concat(hex(name), new Uint8Array(32)));
    const [a, b] = [half("ya"), half("yb")];
    expect([toHex(a.share), toHex(b.share)]).toEqual([toHex(hex("Ya")), toHex(hex("Yb"))]);
    const shares = { shareA: a.share, dataA: hex("ADa"), shareB: b.share, dataB: hex("ADb") };
    const transcript = { session: hex("sid"), ...shares };
    expect(toHex(a.finish(b.share, transcript))).toBe(toHex(hex("ISK_IR")));
    expect(toHex(b.finish(a.share, transcript))).toBe(toHex(hex("ISK_IR")));
  });

  test.each([0, 0xff, 1])("a share of bytes %i is refused", (byte) => {
    const half = Half.draw(setting, new Uint8Array(64).fill(7));
    const bad = new Uint8Array(32).fill(byte);
    const rest = { shareA: half.share, dataA: utf8(""), shareB: bad, dataB: utf8("") };
    expect(() => half.finish(bad, { session: setting.session, ...rest })).toThrow(HandshakeError);
  });
});

/** A handshake of the vectors, step by step. */
class Recorded {
  readonly vector: Vector;
  readonly #inputs: Vector;

  constructor(file: string) {
    this.vector = Vector.file(file);
    this.#inputs = this.vector.at("inputs");
  }

  get context(): Context {
    return { session: this.#inputs.at("session").hex(), tenant: this.#inputs.at("tenant").text() };
  }

  get code(): string | null {
    const code = this.#inputs.at("code");
    return code.value === null ? null : code.text();
  }

  flight(number: number): string {
    return this.vector.at("flights").list()[number]?.text() ?? "";
  }

  side(name: string): { take: (length: number) => Bytes; credential: Bytes; key: Promise<KeyPair> } {
    const entropy = this.#inputs.at(name).at("entropy").hex();
    let drawn = 0;
    const take = (length: number) => {
      drawn += length;
      return entropy.slice(drawn - length, drawn);
    };
    const credential = utf8(this.#inputs.at(name).at("credential").text());
    return { take, credential, key: keyOf(this.#inputs.at(name).at("static_private").hex()) };
  }
}

describe("the recorded handshake", () => {
  test.each(["handshake", "invitation"])("of %s is the same byte for byte", async (file) => {
    const recorded = new Recorded(file);
    const { vector, context, code } = recorded;
    const [ours, theirs] = [recorded.side("helper"), recorded.side("sharer")];
    const scalar = (side: typeof ours) => (code === null ? utf8("") : side.take(64));
    const parts = { random: theirs.take(16), scalar: scalar(theirs), kem: theirs.take(64) };
    const sharer = new Sharer(context, code, { ...parts, ephemeral: await keyOf(theirs.take(32)) });
    expect(toHex(sharer.first)).toBe(recorded.flight(0));
    const drawn = { scalar: scalar(ours), kem: ours.take(32), ephemeral: await keyOf(ours.take(32)) };
    const { helper, second } = await (code === null
      ? Helper.invited(context, sharer.first, await ours.key, drawn)
      : new Attempts(code).answer(context, sharer.first, await ours.key, drawn));
    expect(toHex(second)).toBe(recorded.flight(1));
    const { waiting, third } = await sharer.readSecond(second, await theirs.key, theirs.credential);
    expect(toHex(third)).toBe(recorded.flight(2));
    const answering = await helper.readThird(third);
    expect(equal(answering.credential, theirs.credential)).toBe(true);
    expect(toHex(answering.peerKey)).toBe(vector.at("sharer_public").text());
    const { established, fourth } = await answering.answer(ours.credential);
    expect(toHex(fourth)).toBe(recorded.flight(3));
    const other = await waiting.readFourth(fourth);
    expect(toHex(established.hash)).toBe(vector.at("hash").text());
    expect(toHex(other.hash)).toBe(vector.at("hash").text());
    expect(toHex(established.peerKey)).toBe(vector.at("sharer_public").text());
    expect(toHex(other.peerKey)).toBe(vector.at("helper_public").text());
    expect(equal(established.credential, theirs.credential)).toBe(true);
    await expectSecret(established.secret, vector.at("secret_of_generation_0").hex(), established.hash);
  });
});

/** The secret cannot be read, so both must make the same key. */
async function expectSecret(secret: Promise<CryptoKey>, bytes: Bytes, hash: Bytes): Promise<void> {
  const purpose = { hash, sender: "helper", channel: 2, generation: 0 } as const;
  const known = crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveBits", "deriveKey"]);
  const data = associated(hash, new Uint8Array(16), "helper");
  const sealed = await new RecordKey(secret, purpose).seal(5n, data, utf8("text"));
  expect(await new RecordKey(known, purpose).open(5n, data, sealed)).toEqual(utf8("text"));
}

describe("a handshake", () => {
  const context = { session: new Uint8Array(16).fill(9), tenant: "contoso" };
  const first = async (code: string, tenant = "contoso") =>
    new Sharer({ ...context, tenant }, code, await drawSharer());

  test("with another code fails at the third flight, and uses up an attempt", async () => {
    const attempts = new Attempts("04712345");
    const key = await generateKeyPair();
    for (const left of [2, 1, 0]) {
      const sharer = await first("04712346");
      const { second } = await attempts.answer(context, sharer.first, key, await draw());
      expect(attempts.left).toBe(left);
      await expect(sharer.readSecond(second, key, utf8("{}"))).rejects.toThrow(HandshakeError);
    }
    const answer = attempts.answer(context, (await first("04712345")).first, key, await draw());
    await expect(answer).rejects.toMatchObject({ why: "burned" });
  });

  test("fails if the relay named different tenants", async () => {
    const key = await generateKeyPair();
    const sharer = await first("04712345", "fabrikam");
    const { second } = await new Attempts("04712345").answer(context, sharer.first, key, await draw());
    await expect(sharer.readSecond(second, key, utf8("{}"))).rejects.toThrow(HandshakeError);
  });

  test("a flight that cannot be answered uses up no attempt", async () => {
    const attempts = new Attempts("04712345");
    const key = await generateKeyPair();
    const good = (await first("04712345")).first;
    const changed = (at: number, byte: number) => good.map((old, place) => (place === at ? byte : old));
    const cases: [Bytes, string][] = [
      [good.slice(0, 700), "malformed"],
      [changed(0, 2), "version"],
      [changed(2, 9), "no_suite"],
      [changed(1, 17), "malformed"],
    ];
    for (const [flight, why] of cases) {
      await expect(attempts.answer(context, flight, key, await draw())).rejects.toMatchObject({ why });
    }
    expect(attempts.left).toBe(3);
  });

  test("a third flight that was changed is refused", async () => {
    const key = await generateKeyPair();
    const sharer = await first("04712345");
    const { helper, second } = await new Attempts("04712345").answer(context, sharer.first, key, await draw());
    const { third } = await sharer.readSecond(second, key, utf8("{}"));
    third[40] = (third[40] ?? 0) ^ 1;
    await expect(helper.readThird(third)).rejects.toThrow(HandshakeError);
  });
});

describe("a handshake without a code", () => {
  const context = { session: new Uint8Array(16).fill(9), tenant: "contoso" };
  const inviting = async (tenant = "contoso") => new Sharer({ ...context, tenant }, null, await drawSharer());

  test("never meets one with a code, and uses up no attempt of it", async () => {
    const key = await generateKeyPair();
    const [without, withCode] = [await inviting(), new Sharer(context, "04712345", await drawSharer())];
    await expect(Helper.invited(context, withCode.first, key, await draw())).rejects.toMatchObject({
      why: "malformed",
    });
    const attempts = new Attempts("04712345");
    const answer = attempts.answer(context, without.first, key, await draw());
    await expect(answer).rejects.toMatchObject({ why: "malformed" });
    expect(attempts.left).toBe(3);
    const { second } = await attempts.answer(context, withCode.first, key, await draw());
    await expect(without.readSecond(second, key, utf8("{}"))).rejects.toThrow();
    const invited = await Helper.invited(context, without.first, key, await draw());
    await expect(withCode.readSecond(invited.second, key, utf8("{}"))).rejects.toThrow();
  });

  test("binds its mode: the same hellos under the other one lead elsewhere", async () => {
    const hellos = { a: utf8("a"), b: utf8("b") };
    const secrets = { isk: utf8(""), kem: new Uint8Array(32).fill(1) };
    const prologue = async (mode: "code" | "invitation") =>
      toHex((await agree(context, { mode, ...hellos }, secrets)).prologue);
    expect(await prologue("code")).not.toBe(await prologue("invitation"));
  });

  test("fails if the relay named different tenants", async () => {
    const key = await generateKeyPair();
    const sharer = await inviting("fabrikam");
    const { second } = await Helper.invited(context, sharer.first, key, await draw());
    await expect(sharer.readSecond(second, key, utf8("{}"))).rejects.toThrow(HandshakeError);
  });

  test.each([0, 1, 2, 3])("ends if a bit of flight %i is flipped on the way", async (flipped) => {
    const key = await generateKeyPair();
    const flip = (number: number, flight: Bytes) =>
      flight.map((byte, at) => (number === flipped && at === flight.length - 1 ? byte ^ 1 : byte));
    const run = async () => {
      const sharer = await inviting();
      const { helper, second } = await Helper.invited(context, flip(0, sharer.first), key, await draw());
      const { waiting, third } = await sharer.readSecond(flip(1, second), key, utf8("{}"));
      const { fourth } = await (await helper.readThird(flip(2, third))).answer(utf8("{}"));
      return waiting.readFourth(flip(3, fourth));
    };
    await expect(run()).rejects.toThrow();
  });
});
