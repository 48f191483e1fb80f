import { drawBinding } from "@handrail/protocol";
import { expect, test } from "vitest";
import { Bindings } from "./bound.ts";
import { MemoryStore } from "./testing.ts";

const HOUR = 3600 * 1000;
const START = 1_764_000_000_000;

class Stage {
  now = START;
  readonly store = new MemoryStore();
  readonly bindings = new Bindings(this.store, () => this.now);

  async signIn(nonce: string, signedIn = this.now): Promise<boolean> {
    return this.bindings.bind(nonce, { idToken: "a.b.c", issuer: "https://id.example", subject: "amina", signedIn });
  }
}

test("keys wait for their sign-in, and count from it", async () => {
  const stage = new Stage();
  const [binding, other] = [await drawBinding(), await drawBinding()];
  await stage.bindings.wait("one", binding);
  await stage.bindings.wait("two", other);
  expect(await stage.bindings.current()).toBeNull();
  expect(await stage.signIn("one")).toBe(true);
  expect((await stage.bindings.current())?.binding.rand).toEqual(binding.rand);
  expect(await stage.signIn("one"), "good once").toBe(false);
  expect(await stage.signIn("three"), "of nobody here").toBe(false);
  expect((await stage.bindings.current())?.binding.rand).toEqual(binding.rand);
});

test("a sign-in ends half an hour before its keys, and they go after 12 hours", async () => {
  const stage = new Stage();
  await stage.bindings.wait("one", await drawBinding());
  await stage.signIn("one");
  stage.now = START + 11.5 * HOUR - 1;
  expect(await stage.bindings.current()).not.toBeNull();
  stage.now += 1;
  expect(await stage.bindings.current()).toBeNull();
  expect(await stage.store.keys()).toEqual(["signed-in"]);
  stage.now = START + 12 * HOUR;
  expect(await stage.bindings.current()).toBeNull();
  expect(await stage.store.keys()).toEqual([]);
});

test("who never came back, and who signed out, leaves nothing", async () => {
  const stage = new Stage();
  await stage.bindings.wait("lost", await drawBinding());
  stage.now += HOUR + 1;
  expect(await stage.signIn("lost")).toBe(false);
  await stage.bindings.wait("old", await drawBinding());
  stage.now += HOUR + 1;
  await stage.bindings.wait("new", await drawBinding());
  expect(await stage.store.keys()).toEqual(["waiting new"]);
  await stage.signIn("new");
  await stage.bindings.forget();
  expect(await stage.store.keys()).toEqual([]);
});

test("private keys cannot be read out", async () => {
  const { x25519, ed25519 } = await drawBinding();
  for (const { privateKey } of [x25519, ed25519]) {
    expect(privateKey.extractable).toBe(false);
    for (const format of ["jwk", "pkcs8"] as const) {
      await expect(crypto.subtle.exportKey(format, privateKey)).rejects.toThrow();
    }
  }
});
