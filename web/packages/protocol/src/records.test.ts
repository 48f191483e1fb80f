import { describe, expect, test } from "vitest";
import { concat, equal, toHex } from "./bytes.ts";
import { channelOf } from "./channel.ts";
import { decodeFrame, encodeHeader } from "./frame.ts";
import { associated, importSecret, RecordKey } from "./keys.ts";
import { Outbox } from "./outbox.ts";
import { unpad } from "./padding.ts";
import { Vector } from "./testing/vectors.ts";

const vectors = Vector.file("records");
const secret = importSecret(vectors.at("secret").hex());
const hash = vectors.at("hash").hex();
const session = vectors.at("session").hex();

describe("sealed records", () => {
  test.each(vectors.at("records").list())("keep their bytes", async (vector) => {
    const channel = channelOf(vector.at("channel").number());
    if (channel === null) throw new TypeError("no channel");
    const sender = vector.at("sender").number() === 1 ? "helper" : "sharer";
    const generation = vector.at("generation").number();
    const key = new RecordKey(secret, { hash, sender, channel, generation });
    const context = associated(hash, session, sender);

    const frame = decodeFrame(vector.at("frame").hex());
    if (frame.kind !== "sealed") throw new TypeError("no record");
    expect(toHex(concat(context, frame.clear))).toBe(vector.at("associated").text());
    const text = await key.open(frame.header.counter, concat(context, frame.clear), frame.sealed);
    expect(toHex(text)).toBe(vector.at("text").text());
    const { fragment, more } = unpad(text);
    expect([toHex(fragment), more]).toEqual([vector.at("fragment").text(), vector.at("more").is()]);
    expect(equal(encodeHeader(frame.header, frame.sealed.length), frame.clear)).toBe(true);

    const outbox = new Outbox(channel);
    const seal = () => outbox.seal({ key, pair: 0, generation, context }, fragment, more, 0);
    for (let at = 0; at < vector.at("counter").number(); at += 1) await seal().frame;
    expect(toHex(await seal().frame)).toBe(vector.at("frame").text());
  });

  test("one changed bit anywhere opens nothing", async () => {
    const vector = vectors.at("records").list()[1];
    if (vector === undefined) throw new TypeError("no record");
    const key = new RecordKey(secret, { hash, sender: "helper", channel: 2, generation: 1 });
    const frame = decodeFrame(vector.at("frame").hex());
    if (frame.kind !== "sealed") throw new TypeError("no record");
    const data = concat(associated(hash, session, "helper"), frame.clear);
    for (const at of [0, data.length - 1, data.length, data.length + frame.sealed.length - 1]) {
      const whole = concat(data, frame.sealed);
      whole[at] = (whole[at] ?? 0) ^ 1;
      const opened = key.open(0n, whole.slice(0, data.length), whole.slice(data.length));
      await expect(opened).rejects.toThrow();
    }
  });
});
