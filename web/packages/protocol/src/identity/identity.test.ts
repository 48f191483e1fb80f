import { describe, expect, test } from "vitest";
import { type Bytes, fromHex, toHex, utf8 } from "../bytes.ts";
import type { Role } from "../message/parts.ts";
import * as parts from "../message/parts.ts";
import { Vector } from "../testing/vectors.ts";
import { Anchor } from "./anchor.ts";
import { decodeBase64url, encodeBase64url } from "./base64url.ts";
import { nonceOf } from "./binding.ts";
import { type Bundle, bundleKey, issuerHost, readBundle } from "./bundle.ts";
import { consentBytes } from "./consent.ts";
import { readGrant } from "./grant.ts";
import { isSigned } from "./jws.ts";
import { readKeySet } from "./key-set.ts";
import { membersOnce } from "./members.ts";
import { NotThemError } from "./not-them.ts";
import { readable } from "./readable.ts";

const vector = Vector.file("identity");
const bundles = vector.at("bundles");
const tenantKey = key(bundles.at("key").text());

function key(text: string): Bytes {
  const bytes = decodeBase64url(text, 32);
  if (bytes === null) throw new TypeError("no key");
  return bytes;
}

async function bundle(name: string): Promise<Bundle> {
  const found = await readBundle(bundles.at(name).text(), tenantKey);
  if (typeof found === "string") throw new TypeError(found);
  return found;
}

describe("credentials", () => {
  const keys = readKeySet(utf8(JSON.stringify(vector.at("keys").value)));
  const judge = async (one: Vector) => {
    const anchor = new Anchor(await bundle(one.at("bundle").text()));
    const ours: Role = one.at("ours").text() === "helper" ? "helper" : "sharer";
    const credential = utf8(one.at("credential").text());
    return anchor.verify(credential, one.at("peer_key").hex(), ours, keys ?? new Map(), one.at("now").number());
  };
  const named = (list: string) =>
    vector
      .at(list)
      .list()
      .map((one): [string, Vector] => [one.at("name").text(), one]);

  test.each(named("credentials"))("%s: is somebody", async (_, one) => {
    const { ed25519, signedIn, ...rest } = await judge(one);
    const told = { ...rest, ed25519: encodeBase64url(ed25519), signed_in: signedIn };
    expect(told).toEqual(one.at("meaning").value);
  });

  test.each(named("refused_credentials"))("%s: is nobody", async (_, one) => {
    const refused = await judge(one).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(NotThemError);
    expect(refused).toMatchObject({ rule: one.at("rule").text() });
  });
});

describe("bundles", () => {
  test("a bundle names its key and means what Rust says", async () => {
    const raw = bundles.at("named").text();
    expect(toHex(bundleKey(raw) ?? utf8(""))).toBe(toHex(tenantKey));
    expect(await bundle("named")).toEqual(bundles.at("meaning").value);
    expect(issuerHost((await bundle("named")).issuer)).toBe("id.example");
  });

  test.each(
    vector
      .at("refused_bundles")
      .list()
      .map((one): [string, Vector] => [one.at("name").text(), one]),
  )("%s: is refused", async (_, one) =>
    expect(await readBundle(one.at("text").text(), tenantKey)).toBe(one.at("rule").text()),
  );
});

describe("grants and consents", () => {
  test("a grant is read with its key only", async () => {
    const grants = vector.at("grants");
    const trusted = [grants.at("key").text()];
    const { tenant, session, sequence, hash, helperKey, ...rest } =
      (await readGrant(trusted, grants.at("text").text())) ?? no();
    expect({ ...rest, tid: tenant, sid: session, seq: sequence, hh: hash, hk: helperKey }).toEqual(
      grants.at("meaning").value,
    );
    for (const one of grants.at("refused").list()) {
      expect(await readGrant(trusted, one.at("text").text()), one.at("name").text()).toBeNull();
    }
  });

  test("the signature of a consent is over these bytes", async () => {
    const consents = vector.at("consents");
    for (const one of consents.at("texts").list()) {
      const signature = decodeBase64url(one.at("signature").text(), 64) ?? utf8("");
      const bytes = one.at("bytes").hex();
      const meaning = one.at("meaning");
      const at = (name: string) => meaning.at(name);
      const [tenant, issuer, subject] = [at("tenant").text(), at("issuer").text(), at("subject").text()];
      const numbers = { pair: at("pair").number(), generation: at("generation").number(), at: at("at").number() };
      const hashes = { session: at("session").hex(), hash: at("hash").hex(), helperKey: at("helper_key").hex() };
      const level = parts.level(at("level").value);
      const ui = at("ui").text() === "window" ? "window" : "unattended";
      const shown = at("shown").hex();
      expect(consentBytes({ tenant, issuer, subject, ...numbers, ...hashes, shown, level, ui })).toEqual(bytes);
      expect(await isSigned(key(consents.at("key").text()), bytes, signature)).toBe(true);
      bytes[20] = (bytes[20] ?? 0) ^ 1;
      expect(await isSigned(key(consents.at("key").text()), bytes, signature)).toBe(false);
    }
  });
});

test("the nonce commits to keys and random bytes", async () => {
  const nonce = vector.at("nonce");
  const [x25519, ed25519, rand] = [nonce.at("x25519").hex(), nonce.at("ed25519").hex(), nonce.at("rand").hex()];
  expect(await nonceOf(x25519, ed25519, rand)).toBe(nonce.at("nonce").text());
});

test("base64url has one spelling", () => {
  for (const bytes of ["", "00", "fbff", "0a0b0c0d"].map((hex) => fromHex(hex) ?? utf8(""))) {
    expect(decodeBase64url(encodeBase64url(bytes))).toEqual(bytes);
  }
  for (const wrong of ["A", "AB", "AA=", "A+", "A/", " AAA", "AAAAA"]) expect(decodeBase64url(wrong), wrong).toBeNull();
});

test("a name stands once, whatever stands below it", () => {
  const names = (json: string) => [...(membersOnce(utf8(json))?.keys() ?? ["refused"])];
  expect(names('{"a":{"a":1,"a":2},"b":[":{",{"b":1}],"c\\"":"x\\\\"}')).toEqual(["a", "b", 'c"']);
  for (const twice of [
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":1}',
    '{"__proto__":1,"__proto__":1}',
    "[1]",
    "1",
    "null",
    "",
  ]) {
    expect(names(twice), twice).toEqual(["refused"]);
  }
});

test("a key set has public keys of a kind that signs, each id once", () => {
  const set = (...keys: object[]) => readKeySet(utf8(JSON.stringify({ keys })));
  const good = { kty: "OKP", crv: "Ed25519", x: encodeBase64url(tenantKey), kid: "a" };
  expect([...(set(good, { ...good, kid: "b", use: "enc" })?.keys() ?? [])]).toEqual(["a"]);
  expect(set(good, good)).toBeNull();
  expect(set({ kty: "oct", kid: "a", k: "AAAA" })).toBeNull();
  expect(set()).toBeNull();
  expect(set(...Array.from({ length: 51 }, (_, at) => ({ ...good, kid: `${at}` })))).toBeNull();
  const rsa = (length: number, first: number, e = "AQAB") => {
    const n = new Uint8Array(length).fill(0xc3);
    n[0] = first;
    return set({ kty: "RSA", kid: "r", n: encodeBase64url(n), e });
  };
  expect([rsa(256, 0x80)?.size, rsa(257, 0)?.size]).toEqual([1, 1]);
  expect([rsa(256, 0x7f), rsa(128, 0xff), rsa(256, 0xff, "AQ"), rsa(256, 0xff, "Ag")]).toEqual([
    null,
    null,
    null,
    null,
  ]);
});

test("a line of others holds nothing that turns it", () => {
  expect(readable("\u202eevil\u2066 \u0007name\n")).toBe("evil name");
  expect(readable("\u200f \u0000")).toBeNull();
  expect(readable("é".repeat(300))).toBe("é".repeat(128));
});

function no(): never {
  throw new TypeError("nothing was read");
}
