// Finds out what a session's trust stands on: the person's sign-in of this browser, the organisation's bundle, the issuer's keys.

import { type Bytes, decodeBase64url, type Role } from "@handrail/protocol";
import { Bindings } from "./bound.ts";
import { fetchForeign, PATIENCE } from "./fetched.ts";
import { type Own, PinError, Pins } from "./pin.ts";
import { Provider } from "./provider.ts";
import { BrowserStore } from "./store.ts";
import { BoundTrust, type SharerTrust } from "./trust.ts";

/** The trust of the person who is signed in at this relay, in this role. Rejects with a `PinError`. */
export async function findTrust(host: string, role: Role): Promise<SharerTrust> {
  const bound = await new Bindings(new BrowserStore("bindings")).current();
  if (bound === null) throw new PinError("Ticket");
  const raw = await askBundle(host);
  const bundle = await new Pins(new BrowserStore("pins")).take(
    `https://${host}`,
    raw,
    ownOf(bound.issuer, bound.idToken),
  );
  const provider = new Provider(bundle.issuer, fetchForeign, () => performance.now());
  // Begun early, so that the handshake does not wait for it.
  void provider.keys(null);
  return new BoundTrust(role, bound, bundle, provider);
}

async function askBundle(host: string): Promise<string> {
  const rules = { credentials: "same-origin", headers: { "X-Handrail": "1" } } as const;
  const signal = AbortSignal.timeout(PATIENCE);
  const response = await fetch(`https://${host}/api/v1/bundle`, { ...rules, signal }).catch(() => null);
  if (response?.status === 401) throw new PinError("Ticket");
  if (response?.status === 404) throw new PinError("NoBundle");
  if (response?.ok !== true) throw new PinError("RelayUnreachable");
  const answer: unknown = await response.json().catch(() => null);
  const isGood = typeof answer === "object" && answer !== null && "bundle" in answer;
  if (!isGood || typeof answer.bundle !== "string") throw new PinError("NoBundle");
  return answer.bundle;
}

/** What our own token says, which came from the issuer itself: its signature says nothing more to us. */
function ownOf(issuer: string, token: string): Own {
  const claims = claimsOf(token);
  const [aud, tid] = [claims.get("aud"), claims.get("tid")];
  const audiences = (Array.isArray(aud) ? aud : [aud]).filter((one) => typeof one === "string");
  return { issuer, audiences, tenant: typeof tid === "string" ? tid : null };
}

function claimsOf(token: string): ReadonlyMap<string, unknown> {
  const bytes: Bytes | null = decodeBase64url(token.split(".")[1] ?? "");
  const value: unknown = bytes && JSON.parse(new TextDecoder().decode(bytes));
  return new Map(Object.entries(value ?? {}));
}
