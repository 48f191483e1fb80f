import { describe, expect, test } from "vitest";
import { type Bytes, concat, equal, fromHex, toHex, utf8 } from "../bytes.ts";
import { associated, RecordKey } from "../keys.ts";
import { drawSharer, Sharer } from "../testing/sharer.ts";
import { Vector } from "../testing/vectors.ts";
import { generator, Half } from "./cpace.ts";
import { HandshakeError } from "./established.ts";
import { Attempts, draw } from "./helper.ts";
import { generateKeyPair, type KeyPair } from "./noise.ts";

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

describe("the recorded handshake", () => {
  const vector = Vector.file("handshake");
  const inputs = vector.at("inputs");
  const flights = vector
    .at("flights")
    .list()
    .map((flight) => flight.hex());
  const context = { session: inputs.at("session").hex(), tenant: inputs.at("tenant").text() };
  const side = (name: string) => {
    const entropy = inputs.at(name).at("entropy").hex();
    let drawn = 0;
    const take = (length: number) => {
      drawn += length;
      return entropy.slice(drawn - length, drawn);
    };
    const credential = utf8(inputs.at(name).at("credential").text());
    return { take, credential, key: keyOf(inputs.at(name).at("static_private").hex()) };
  };

  test("is the same byte for byte", async () => {
    const code = inputs.at("code").text();
    const [ours, theirs] = [side("helper"), side("sharer")];
    const parts = { random: theirs.take(16), scalar: theirs.take(64), kem: theirs.take(64) };
    const sharer = new Sharer(context, code, { ...parts, ephemeral: await keyOf(theirs.take(32)) });
    expect(toHex(sharer.first)).toBe(toHex(flights[0] ?? utf8("")));
    const attempts = new Attempts(code);
    const drawn = { scalar: ours.take(64), kem: ours.take(32), ephemeral: await keyOf(ours.take(32)) };
    const { helper, second } = await attempts.answer(context, sharer.first, await ours.key, drawn);
    expect(toHex(second)).toBe(toHex(flights[1] ?? utf8("")));
    const { waiting, third } = await sharer.readSecond(second, await theirs.key, theirs.credential);
    expect(toHex(third)).toBe(toHex(flights[2] ?? utf8("")));
    const answering = await helper.readThird(third);
    expect(equal(answering.credential, theirs.credential)).toBe(true);
    expect(toHex(answering.peerKey)).toBe(vector.at("sharer_public").text());
    const { established, fourth } = await answering.answer(ours.credential);
    expect(toHex(fourth)).toBe(toHex(flights[3] ?? utf8("")));
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
