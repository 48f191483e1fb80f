import { utf8 } from "@handrail/protocol";
import { BUNDLE, TestIssuer } from "@handrail/protocol/testing";
import { expect, test } from "vitest";
import { Provider } from "./provider.ts";

const issuer = await TestIssuer.draw();

class Stage {
  now = 1000;
  isAway = false;
  readonly asked: string[] = [];
  readonly provider = new Provider(
    BUNDLE.issuer,
    (address) => {
      this.asked.push(address);
      return this.isAway ? Promise.resolve(null) : issuer.answer(address);
    },
    () => this.now,
  );
}

test("keys are fetched once, and again when they are an hour old", async () => {
  const stage = new Stage();
  const both = await Promise.all([stage.provider.keys(null), stage.provider.keys("key-1")]);
  expect(both.map((keys) => [...(keys?.keys() ?? [])])).toEqual([["key-1"], ["key-1"]]);
  expect(stage.asked).toEqual([`${BUNDLE.issuer}/.well-known/openid-configuration`, `${BUNDLE.issuer}/keys`]);
  stage.now += 3_600_000;
  await stage.provider.keys("key-1");
  expect(stage.asked).toHaveLength(4);
});

test("an unknown key leads to one fetch in 30 s", async () => {
  const stage = new Stage();
  await stage.provider.keys("key-1");
  await stage.provider.keys("key-2");
  expect(stage.asked).toHaveLength(4);
  stage.now += 29_999;
  await stage.provider.keys("key-2");
  expect(stage.asked).toHaveLength(4);
  stage.now += 1;
  await stage.provider.keys("key-2");
  expect(stage.asked).toHaveLength(6);
});

test("an issuer that is away has no keys, and those at hand stay", async () => {
  const stage = new Stage();
  stage.isAway = true;
  expect(await stage.provider.keys("key-1")).toBeNull();
  expect(await stage.provider.keys("key-1")).toBeNull();
  expect(stage.asked).toHaveLength(1);
  stage.isAway = false;
  stage.now += 30_000;
  expect((await stage.provider.keys("key-1"))?.size).toBe(1);
  stage.isAway = true;
  stage.now += 3_600_000;
  expect((await stage.provider.keys("key-1"))?.size).toBe(1);
});

test.each([
  ["of another issuer", { issuer: `${BUNDLE.issuer}/`, jwks_uri: `${BUNDLE.issuer}/keys` }],
  ["with keys over http", { issuer: BUNDLE.issuer, jwks_uri: "http://id.contoso.example/keys" }],
  ["without keys", { issuer: BUNDLE.issuer }],
])("a document %s is not taken", async (_, found) => {
  const asked: string[] = [];
  const fetch = (address: string) => {
    asked.push(address);
    return Promise.resolve(utf8(JSON.stringify(found)));
  };
  expect(await new Provider(BUNDLE.issuer, fetch, () => 0).keys(null)).toBeNull();
  expect(asked).toHaveLength(1);
});
