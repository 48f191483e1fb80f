// The only place that checks a token (RFC 8725): an ID token that a peer shows together with the keys that it commits to. Its end
// does not count; the binding has a limit of its own.

import { byteLength, utf8 } from "../bytes.ts";
import type { Members } from "../shape.ts";
import { decodeBase64url } from "./base64url.ts";
import type { KeySet } from "./key-set.ts";
import { membersOnce } from "./members.ts";
import { NotThemError } from "./not-them.ts";
import { readable } from "./readable.ts";

/** Larger tokens are not looked at. */
export const MAX_TOKEN = 8192;
/** Seconds: tokens that live longer are not accepted. */
const LIFETIME = 24 * 60 * 60;
/** Seconds that the clocks may be apart. */
const LEEWAY = 30;
/** Seconds since 1970 that no sane token reaches (year 9999). */
const LATEST = 253_402_300_799;
const MAX_DETAIL = 200;
const MAX_ID = 255;
/** Bytes of `acr` and of each value of `amr`, and how many there are. */
const SIGN_IN = { longest: 256, most: 16 };
/** The addresses of Entra ID begin like this; the organisation follows. */
const ENTRA = "https://login.microsoftonline.com/";
const REFUSED_HEADERS = ["crit", "b64", "jku", "x5u", "jwk", "zip"];

/** What is known about an issuer before any of its tokens is read. */
export interface Issuer {
  readonly url: string;
  readonly tenant: string;
  /** Whether tokens name the tenant in `tid`. */
  readonly tid: boolean;
  /** The ids of our programs at the issuer. */
  readonly clients: readonly string[];
  /** The claim with a person's roles. */
  readonly roles: string;
}

/** What a verified token says. Times are seconds since 1970. */
export interface Claims {
  readonly subject: string;
  readonly name: string | null;
  readonly title: string | null;
  readonly company: string | null;
  readonly roles: readonly string[];
  readonly audience: string;
  readonly nonce: string | null;
  readonly issued: number;
}

/** Checks a token from beginning to end; rejects with the first rule that it breaks. */
export async function verifyToken(raw: string, issuer: Issuer, keys: KeySet, now: number): Promise<Claims> {
  const { header, message, payload, signature } = takeApart(raw);
  checkType(header);
  const id = header.get("kid");
  const key = typeof id === "string" ? keys.get(id) : undefined;
  if (key === undefined) throw new NotThemError("unknown_key");
  if (header.get("alg") !== key.algorithm) throw new NotThemError("algorithm");
  const sealed = decodeBase64url(signature);
  if (sealed === null) throw new NotThemError("malformed");
  if (!(await key.verifies(utf8(message), sealed))) throw new NotThemError("signature");
  const bytes = decodeBase64url(payload);
  const claims = bytes && membersOnce(bytes);
  if (claims === null) throw new NotThemError("malformed");
  return readClaims(claims, issuer, now);
}

/** The key that a well-formed token names; says nothing about whether the token is good. */
export function tokenKey(raw: string): string | null {
  try {
    const id = takeApart(raw).header.get("kid");
    return typeof id === "string" && byteLength(id) <= MAX_ID ? id : null;
  } catch (error) {
    if (error instanceof NotThemError) return null;
    throw error;
  }
}

function takeApart(raw: string) {
  if (byteLength(raw) > MAX_TOKEN) throw new NotThemError("too_large");
  const [head, payload, signature, ...more] = raw.split(".");
  if (head === undefined || payload === undefined || signature === undefined || more.length > 0) {
    throw new NotThemError("malformed");
  }
  const bytes = decodeBase64url(head);
  const header = bytes && membersOnce(bytes);
  if (header === null) throw new NotThemError("malformed");
  const refused = REFUSED_HEADERS.find((name) => header.has(name));
  if (refused !== undefined) throw new NotThemError(`header ${refused}`);
  return { header, message: `${head}.${payload}`, payload, signature };
}

function checkType(header: Members): void {
  if (!header.has("typ")) return;
  const given = header.get("typ");
  const isJwt = typeof given === "string" && given.toLowerCase().replace(/^application\//, "") === "jwt";
  if (!isJwt) throw new NotThemError("type");
}

function readClaims(claims: Members, issuer: Issuer, now: number): Claims {
  const issued = checkTimes(claims, now);
  const iss = claims.get("iss");
  if (typeof iss !== "string") throw new NotThemError("claim iss");
  if (iss !== issuer.url) throw new NotThemError("issuer");
  const audience = checkAudience(claims, issuer);
  checkTenant(claims, issuer);
  const subject = person(claims, issuer);
  const name = textIfAny(claims, "name");
  texts(claims, "groups", "groups");
  const roles = texts(claims, issuer.roles, "roles");
  checkSignIn(claims, now);
  return {
    ...{ subject, audience, issued, roles },
    name: name === null ? null : readable(name),
    title: detail(claims, "title"),
    company: detail(claims, "company"),
    nonce: textIfAny(claims, "nonce"),
  };
}

/** When the token was made. */
function checkTimes(claims: Members, now: number): number {
  const issued = seconds(claims, "iat");
  const expires = seconds(claims, "exp");
  if (issued === null) throw new NotThemError("claim iat");
  if (expires === null) throw new NotThemError("claim exp");
  const notBefore = seconds(claims, "nbf") ?? issued;
  if (expires < issued) throw new NotThemError("claim exp");
  if (expires - issued > LIFETIME) throw new NotThemError("lifetime");
  if (Math.max(issued, notBefore) > now + LEEWAY) throw new NotThemError("not_yet");
  return issued;
}

/** The one audience. A token that names several is only good if the party it was made for is that one. */
function checkAudience(claims: Members, { clients }: Issuer): string {
  const aud = claims.get("aud");
  if (typeof aud !== "string" && !Array.isArray(aud)) throw new NotThemError("claim aud");
  const named: readonly unknown[] = typeof aud === "string" ? [aud] : aud;
  const audience = named.filter((name) => typeof name === "string").find((name) => clients.includes(name));
  if (audience === undefined) throw new NotThemError("audience");
  const party = textIfAny(claims, "azp");
  const isGood = party === null ? named.length === 1 : party === audience;
  if (!isGood) throw new NotThemError("audience");
  return audience;
}

function checkTenant(claims: Members, { tid, tenant, url }: Issuer): void {
  if (!tid) return;
  const named = claims.get("tid");
  if (typeof named !== "string") throw new NotThemError("claim tid");
  // Entra has one issuer per organisation; its address names the same one as the token.
  const isElsewhere = url.startsWith(ENTRA) && url.slice(ENTRA.length).split("/")[0] !== named;
  if (named !== tenant || isElsewhere) throw new NotThemError("tenant");
}

/** The subject, which Entra makes anew for each client; there the object id is the same for all of them. */
function person(claims: Members, { url }: Issuer): string {
  const name = url.startsWith(ENTRA) ? "oid" : "sub";
  const id = claims.get(name);
  const fits = typeof id === "string" && id !== "" && byteLength(id) <= MAX_ID && !/\p{Cc}/u.test(id);
  if (!fits) throw new NotThemError(`claim ${name}`);
  return id;
}

/** How the person signed in: nothing is decided by it here, but what is there has to be of its type. */
function checkSignIn(claims: Members, now: number): void {
  const acr = textIfAny(claims, "acr");
  if (acr !== null && byteLength(acr) > SIGN_IN.longest) throw new NotThemError("claim acr");
  if ((seconds(claims, "auth_time") ?? 0) > now + LEEWAY) throw new NotThemError("not_yet");
  const means = texts(claims, "amr", "amr");
  const fits = means.length <= SIGN_IN.most && means.every((one) => byteLength(one) <= SIGN_IN.longest);
  if (!fits) throw new NotThemError("claim amr");
}

/** A line of the card that is nice to have: left out if it is not readable or too long. */
function detail(claims: Members, name: string): string | null {
  const value = claims.get(name);
  const text = typeof value === "string" ? readable(value) : null;
  return text !== null && byteLength(text) <= MAX_DETAIL ? text : null;
}

/** `null` is not the same as absent. */
function textIfAny(claims: Members, name: string): string | null {
  if (!claims.has(name)) return null;
  const value = claims.get(name);
  if (typeof value !== "string") throw new NotThemError(`claim ${name}`);
  return value;
}

/** The texts of a claim that is a list; `called` is what a refusal calls it. */
function texts(claims: Members, name: string, called: string): readonly string[] {
  if (!claims.has(name)) return [];
  const value = claims.get(name);
  const isList = Array.isArray(value) && value.every((one) => typeof one === "string");
  if (!isList) throw new NotThemError(`claim ${called}`);
  return value;
}

function seconds(claims: Members, name: string): number | null {
  if (!claims.has(name)) return null;
  const value = claims.get(name);
  const fits = typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= LATEST;
  if (!fits) throw new NotThemError(`claim ${name}`);
  return value;
}
