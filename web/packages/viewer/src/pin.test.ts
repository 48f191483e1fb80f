import { type Bundle, type Bytes, encodeBase64url, utf8 } from "@handrail/protocol";
import { BUNDLE } from "@handrail/protocol/testing";
import { expect, test } from "vitest";
import { Pins } from "./pin.ts";
import { MemoryStore } from "./testing.ts";

const ORIGIN = "https://relay.example";
const OWN = { issuer: BUNDLE.issuer, audiences: [BUNDLE.clients.browser], tenant: "contoso" };

async function tenantKey(): Promise<(bundle: Bundle) => Promise<string>> {
  const pair = await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"]);
  if (!("privateKey" in pair)) throw new TypeError("no pair of keys");
  const kid = encodeBase64url(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
  const part = (bytes: Bytes) => encodeBase64url(bytes);
  return async (bundle) => {
    const head = part(utf8(`{"alg":"EdDSA","kid":"${kid}","typ":"rh-bundle+jwt"}`));
    const message = `${head}.${part(utf8(JSON.stringify(bundle)))}`;
    const signature = await crypto.subtle.sign("Ed25519", pair.privateKey, utf8(message));
    return `${message}.${part(new Uint8Array(signature))}`;
  };
}

const [sign, signOther] = [await tenantKey(), await tenantKey()];

test("the first bundle is pinned if it fits the person's own token, and a later one may follow", async () => {
  const pins = new Pins(new MemoryStore());
  expect(await pins.take(ORIGIN, await sign(BUNDLE), OWN)).toEqual(BUNDLE);
  expect(await pins.take(ORIGIN, await sign({ ...BUNDLE, serial: 5 }), OWN)).toMatchObject({ serial: 5 });
  expect(await pins.take(ORIGIN, await sign({ ...BUNDLE, serial: 5 }), OWN)).toMatchObject({ serial: 5 });
});

test("another key, another issuer and a lower serial stop it; another relay is another matter", async () => {
  const pins = new Pins(new MemoryStore());
  await pins.take(ORIGIN, await sign({ ...BUNDLE, serial: 5 }), OWN);
  const issuer = "https://id.fabrikam.example";
  for (const raw of [
    await signOther({ ...BUNDLE, serial: 6 }),
    await sign({ ...BUNDLE, serial: 4 }),
    await sign({ ...BUNDLE, serial: 6, issuer }),
  ]) {
    await expect(pins.take(ORIGIN, raw, { ...OWN, issuer })).rejects.toMatchObject({ fault: "OrganisationChanged" });
    await expect(pins.take(ORIGIN, raw, OWN)).rejects.toMatchObject({ fault: "OrganisationChanged" });
  }
  await pins.take("https://other.example", await signOther(BUNDLE), OWN);
});

test("a bundle that does not fit the person's own token is not pinned", async () => {
  const store = new MemoryStore();
  const take = async (own: object, differ: object = {}) =>
    new Pins(store).take(ORIGIN, await sign({ ...BUNDLE, ...differ }), { ...OWN, ...own });
  await expect(take({ issuer: "https://x.example" })).rejects.toMatchObject({ fault: "OrganisationChanged" });
  await expect(take({ audiences: ["other"] })).rejects.toMatchObject({ fault: "OrganisationChanged" });
  await expect(take({ tenant: null }, { tid: true })).rejects.toMatchObject({ fault: "OtherOrganisation" });
  await expect(new Pins(store).take(ORIGIN, "a.b.c", OWN)).rejects.toMatchObject({ fault: "NoBundle" });
  expect(await store.keys()).toEqual([]);
});
