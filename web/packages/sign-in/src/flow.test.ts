import { bindingNonce, drawBinding } from "@handrail/protocol";
import { Bindings } from "@handrail/viewer/end";
import { MemoryStore } from "@handrail/viewer/testing";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { bindings } from "./bindings.ts";
import { begin, finish } from "./flow.ts";
import { base64url } from "./random.ts";

const ISSUER = "https://id.contoso.example";
const ME = { subject: "a1", issuer: ISSUER, name: "Amina Diallo" };

/** What a browser has and this place has not. */
const page = vi.hoisted(() => {
  const kept = new Map<string, string>();
  const left: URL[] = [];
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  const location = { origin: "https://relay.example", assign: (address: URL) => void left.push(address) };
  Object.assign(globalThis, { sessionStorage: storage, localStorage: storage, location, Worker: class {} });
  return { kept, left };
});

/** What the relay says to a sign-in. */
const relay = vi.hoisted(() => ({
  answer: (): Promise<object> =>
    Promise.resolve({ subject: "a1", issuer: "https://id.contoso.example", name: "Amina Diallo" }),
}));

vi.mock("./relay.ts", () => ({
  ask: (method: string) =>
    method === "POST"
      ? relay.answer()
      : Promise.resolve({
          issuer: "https://id.contoso.example",
          console_client: "handrail-console",
          scope: "openid profile",
        }),
  RefusedError: class extends Error {},
}));

vi.mock("./bindings.ts", () => ({ bindings: new Bindings(new MemoryStore()) }));

/** The provider: its addresses, and the ID token that it gives out next. */
let idToken = "";
beforeEach(async () => {
  page.kept.clear();
  page.left.length = 0;
  await bindings.forget();
  vi.stubGlobal("fetch", (address: string) => {
    const endpoints = { authorization_endpoint: `${ISSUER}/auth`, token_endpoint: `${ISSUER}/token` };
    const isToken = address === `${ISSUER}/token`;
    return Promise.resolve(
      Response.json(isToken ? { access_token: "a", id_token: idToken } : { issuer: ISSUER, ...endpoints }),
    );
  });
});

/** Where the page went: what it asks of the provider. */
function asked(): URLSearchParams {
  const address = page.left.at(-1);
  expect(address?.origin).toBe(ISSUER);
  return address?.searchParams ?? new URLSearchParams();
}

/** Comes back with a token that says this. */
function back(differ: object = {}): ReturnType<typeof finish> {
  const query = asked();
  const claims = {
    iss: ISSUER,
    sub: ME.subject,
    nonce: query.get("nonce"),
    iat: Math.floor(Date.now() / 1000),
    ...differ,
  };
  idToken = `e30.${base64url(new TextEncoder().encode(JSON.stringify(claims)))}.x`;
  return finish(new URLSearchParams({ state: query.get("state") ?? "", code: "c", iss: ISSUER }));
}

describe("a sign-in", () => {
  test("binds keys of this browser", async () => {
    await begin("/records", "usual");
    expect(asked().get("prompt")).toBeNull();
    expect(await bindings.current(), "not before it is back").toBeNull();
    expect(await back()).toEqual({ me: ME, returnTo: "/records" });
    const bound = await bindings.current();
    expect(bound).toMatchObject({ issuer: ISSUER, subject: "a1", idToken });
    expect(bound && (await bindingNonce(bound.binding))).toBe(asked().get("nonce"));
    expect([...page.kept.values()].join()).not.toContain(idToken);
  });

  test("names the page that asked, so that the relay answers with it", async () => {
    for (const [path, begins] of [
      ["/s", true],
      ["/s/", true],
      ["/sessions", false],
      ["/", false],
    ] as const) {
      await begin(path, "usual");
      expect(asked().get("state")?.startsWith("s."), path).toBe(begins);
    }
  });

  test("of another nonce, issuer or time binds nothing", async () => {
    const other = await bindingNonce(await drawBinding());
    const cases: [object, string][] = [
      [{ nonce: other }, "state"],
      [{ iss: `${ISSUER}/` }, "state"],
      [{ sub: 1 }, "refused"],
      [{ iat: Math.floor(Date.now() / 1000) - 12 * 3600 }, "clock"],
    ];
    for (const [differ, trouble] of cases) {
      await begin("/", "usual");
      await expect(back(differ)).rejects.toMatchObject({ trouble });
      expect(await bindings.current()).toBeNull();
    }
  });

  test("that asks nothing becomes one that asks", async () => {
    await begin("/session/1", "silent");
    expect(asked().get("prompt")).toBe("none");
    const [state, nonce] = [asked().get("state") ?? "", asked().get("nonce")];
    void finish(new URLSearchParams({ state, error: "login_required" }));
    await vi.waitFor(() => expect(page.left).toHaveLength(2));
    expect(asked().get("prompt")).toBeNull();
    expect(asked().get("nonce"), "other keys").not.toBe(nonce);
    expect(await back()).toMatchObject({ returnTo: "/session/1" });
  });

  test("that a rule finds too weak is made once more, as the rule asks, and only once", async () => {
    const { RefusedError } = await import("./relay.ts");
    const stepUp = { acr_values: ["mfa", "otp"], max_age: 600 };
    const weak = Object.assign(new RefusedError(401, "RH-1208", ""), { status: 401, stepUp });
    relay.answer = () => Promise.reject(weak);
    await begin("/monitor", "usual");
    void back();
    await vi.waitFor(() => expect(page.left).toHaveLength(2));
    expect([asked().get("acr_values"), asked().get("max_age")]).toEqual(["mfa otp", "600"]);
    await expect(back()).rejects.toBe(weak);
    expect(page.left).toHaveLength(2);
  });
});
