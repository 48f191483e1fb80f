// Signing in: authorization code with PKCE by redirect (RFC 6749, RFC 7636), then the relay's cookie for the access token. The
// nonce commits to keys of this browser (protocol/SPEC.md 8.4).
//
// INVARIANT: only the ID token outlives the redirect, beside keys that cannot be exported; the relay accepts it nowhere.

import { bindingNonce, drawBinding, type StepUp } from "@handrail/protocol";
import { bindings } from "./bindings.ts";
import { keep, type Pending, take, type Who } from "./pending.ts";
import { type Claims, challenge, claims, random } from "./random.ts";
import { ask, RefusedError } from "./relay.ts";

/** Where people sign in, as the relay says it. */
interface SignIn {
  readonly issuer: string;
  readonly console_client: string;
  readonly scope: string;
  readonly resource?: string | null;
}

/** Seconds that the clocks of this computer and of the provider may differ before it is worth telling. */
const SKEW = 120;

/** Where a person is the same for all clients by `oid` alone. */
const ENTRA = "https://login.microsoftonline.com/";

export type Trouble = "state" | "denied" | "provider" | "clock" | "refused" | "storage";

/** How the person is asked: not at all if that is enough, as the provider likes, or for another account. */
export type Asking = "silent" | "usual" | "choose";

const PROMPTS: Record<Asking, { prompt?: string }> = {
  silent: { prompt: "none" },
  usual: {},
  choose: { prompt: "login" },
};

/** A sign-in that came to nothing. */
export class SignInError extends Error {
  override readonly name = "SignInError";

  constructor(
    readonly trouble: Trouble,
    /** Where the person wanted to go. */
    readonly returnTo: string,
  ) {
    super(`the sign-in failed: ${trouble}`);
  }
}

/** Where the provider sends the browser back to. */
export function redirectUri(): string {
  return `${location.origin}/signed-in`;
}

/** Leaves the page for the provider's; with `stepUp` for the sign-in that a rule asks for. Rejects with a `SignInError` or a `RefusedError`. */
export async function begin(returnTo: string, asking: Asking, stepUp?: StepUp): Promise<void> {
  const signIn = await ask<SignIn>("GET", "/api/v1/sign-in");
  const provider = await discover(signIn, returnTo);
  const [state, nonce, verifier] = [stateFor(returnTo), await drawNonce(returnTo), random()];
  const { issuer, console_client: client, scope, resource } = signIn;
  const isSilent = asking === "silent";
  const pending = {
    state,
    nonce,
    verifier,
    issuer,
    client,
    isSilent,
    isStepUp: stepUp !== undefined,
    ...(resource != null && { resource }),
  };
  keep({ ...pending, tokenEndpoint: provider.token, returnTo: ownPath(returnTo) });
  const address = new URL(provider.authorization);
  const query = {
    response_type: "code",
    client_id: client,
    redirect_uri: redirectUri(),
    scope,
    ...(resource != null && { resource }),
    state,
    nonce,
    code_challenge: await challenge(verifier),
    code_challenge_method: "S256",
    ...PROMPTS[asking],
    ...(stepUp?.acr_values !== undefined && { acr_values: stepUp.acr_values.join(" ") }),
    ...(stepUp?.max_age !== undefined && { max_age: String(stepUp.max_age) }),
  };
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
  location.assign(address);
}

/** Back from the provider: what came of it. Good once. Rejects with a `SignInError` or a `RefusedError`. */
export async function finish<Me extends Who>(
  query: URLSearchParams,
): Promise<{ readonly me: Me; readonly returnTo: string }> {
  const pending = take();
  if (pending === null || query.get("state") !== pending.state)
    throw new SignInError("state", pending?.returnTo ?? "/");
  const { returnTo } = pending;
  // RFC 9207: a provider that names itself has to be the one that was asked.
  if ((query.get("iss") ?? pending.issuer) !== pending.issuer) throw new SignInError("state", returnTo);
  const code = query.get("code");
  if (code === null && pending.isSilent) return leave(returnTo);
  if (code === null) throw new SignInError(query.get("error") === "access_denied" ? "denied" : "refused", returnTo);
  const tokens = await exchange(pending, code);
  const id = claims(tokens.id);
  const isOurs = id?.get("nonce") === pending.nonce && id.get("iss") === pending.issuer;
  if (!isOurs) throw new SignInError("state", returnTo);
  try {
    await bind(pending, tokens.id, id);
    return { me: await present<Me>(tokens.access), returnTo };
  } catch (error) {
    if (!(error instanceof RefusedError) || error.status !== 401) throw error;
    if (error.stepUp !== null && !pending.isStepUp) return leave(returnTo, error.stepUp);
    if (error.stepUp !== null) throw error;
    throw new SignInError(isSkewed(id.get("iat")) ? "clock" : "refused", returnTo);
  }
}

/** Fresh keys of this browser, kept until the person is back. */
async function drawNonce(returnTo: string): Promise<string> {
  try {
    const binding = await drawBinding();
    const nonce = await bindingNonce(binding);
    await bindings.wait(nonce, binding);
    return nonce;
  } catch {
    throw new SignInError("storage", returnTo);
  }
}

/** The keys count from now on. */
async function bind({ nonce, issuer, returnTo }: Pending, idToken: string, id: Claims): Promise<void> {
  const [subject, issuedAt] = [id.get(issuer.startsWith(ENTRA) ? "oid" : "sub"), id.get("iat")];
  if (typeof subject !== "string" || typeof issuedAt !== "number") throw new SignInError("refused", returnTo);
  const signedIn = { idToken, issuer, subject, signedIn: issuedAt * 1000 };
  const isBound = await bindings.bind(nonce, signedIn).catch(() => {
    throw new SignInError("storage", returnTo);
  });
  if (!isBound) throw new SignInError("state", returnTo);
  // A sign-in that is old at once is one of a clock that is wrong.
  if ((await bindings.current()) === null) throw new SignInError("clock", returnTo);
}

/** The provider has to ask the person after all, or does not know how not to, or has to ask for more. The page is left: there is no answer. */
async function leave(returnTo: string, stepUp?: StepUp): Promise<never> {
  await begin(returnTo, "usual", stepUp);
  return new Promise<never>(() => {});
}

function present<Me>(token: string): Promise<Me> {
  return ask<Me>("POST", "/api/v1/sign-in", { Authorization: `Bearer ${token}` });
}

async function discover({ issuer }: SignIn, returnTo: string): Promise<{ authorization: string; token: string }> {
  const address = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const found = await json(fetch(address, { credentials: "omit" }), returnTo);
  const [authorization, token] = [found.get("authorization_endpoint"), found.get("token_endpoint")];
  const isWhole = found.get("issuer") === issuer && isHttps(authorization) && isHttps(token);
  if (!isWhole) throw new SignInError("provider", returnTo);
  return { authorization, token };
}

async function exchange(pending: Pending, code: string): Promise<{ access: string; id: string }> {
  const form = {
    grant_type: "authorization_code",
    client_id: pending.client,
    redirect_uri: redirectUri(),
    code,
    code_verifier: pending.verifier,
    ...(pending.resource !== undefined && { resource: pending.resource }),
  };
  const request = fetch(pending.tokenEndpoint, {
    method: "POST",
    credentials: "omit",
    body: new URLSearchParams(form),
  });
  const tokens = await json(request, pending.returnTo);
  const [access, id] = [tokens.get("access_token"), tokens.get("id_token")];
  if (typeof access !== "string" || typeof id !== "string") throw new SignInError("refused", pending.returnTo);
  return { access, id };
}

/** The object in the provider's answer; an error of the provider is `refused`, no answer is `provider`. */
async function json(request: Promise<Response>, returnTo: string): Promise<ReadonlyMap<string, unknown>> {
  const response = await request.catch(() => {
    throw new SignInError("provider", returnTo);
  });
  if (response.status >= 500) throw new SignInError("provider", returnTo);
  const value: unknown = await response.json().catch(() => null);
  if (!response.ok || typeof value !== "object" || value === null) throw new SignInError("refused", returnTo);
  return new Map(Object.entries(value));
}

function isSkewed(issuedAt: unknown): boolean {
  return typeof issuedAt === "number" && Math.abs(Date.now() / 1000 - issuedAt) > SKEW;
}

function isHttps(address: unknown): address is string {
  return typeof address === "string" && address.startsWith("https://");
}

/** A fresh state. By its beginning the relay knows which of its two pages asked: that one is the answer to the redirect. */
function stateFor(returnTo: string): string {
  return returnTo === "/s" || returnTo.startsWith("/s/") ? `s.${random()}` : random();
}

/** A path of this relay; never the address of another host. */
export function ownPath(path: string): string {
  const isOwn =
    path.startsWith("/") &&
    URL.canParse(path, location.origin) &&
    new URL(path, location.origin).origin === location.origin;
  return isOwn && !path.startsWith("/signed-in") ? path : "/";
}
