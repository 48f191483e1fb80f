// The tenant bundle: what a client knows of an organisation without believing the relay (SPEC 8.6).

import { type Bytes, byteLength } from "../bytes.ts";
import { Malformed } from "../reader.ts";
import * as shape from "../shape.ts";
import { decodeBase64url } from "./base64url.ts";
import { type Expected, namedKey, readSigned } from "./jws.ts";

export interface Bundle {
  readonly v: number;
  readonly serial: number;
  readonly iat: number;
  readonly issuer: string;
  readonly tenant: string;
  /** Whether tokens name the organisation in `tid`. */
  readonly tid: boolean;
  readonly domain: string;
  readonly name: string;
  readonly clients: {
    readonly browser: string;
    readonly helper: string;
    readonly sharer: string;
    /** What programs ask for at sign-in. */
    readonly scope: string;
  };
  readonly roles: { readonly claim: string; readonly elevation: string; readonly unattended: string };
  readonly grant_keys: readonly string[];
  readonly policy: { readonly browser_elevation: boolean; readonly scripted_consent: boolean };
}

/** Why a bundle is not taken. */
export type BadBundle = "malformed" | "other_key" | "signature" | `field ${string}`;

const EXPECTED: Expected = { typ: "rh-bundle+jwt", most: 8192 };
const MAX_TEXT = 255;
const GRANT_KEYS = 4;

/** Reads a bundle that this key signed. */
export async function readBundle(raw: string, key: Bytes): Promise<Bundle | BadBundle> {
  const members = await readSigned(EXPECTED, key, raw);
  if (typeof members === "string") return members;
  try {
    const bundle = bundleOf(members);
    const wrong = wrongField(bundle);
    return wrong === null ? bundle : `field ${wrong}`;
  } catch (error) {
    if (error instanceof Malformed) return "malformed";
    throw error;
  }
}

/** The key that a bundle says to be signed by. Only who pins it, or knows its fingerprint, may go on with it. */
export function bundleKey(raw: string): Bytes | null {
  return namedKey(EXPECTED, raw);
}

/** The host of an issuer's address. */
export function issuerHost(issuer: string): string {
  return issuer.replace(/^https:\/\//, "").split(/[/?#]/)[0] ?? issuer;
}

function bundleOf(members: shape.Members): Bundle {
  const from = only(members, [
    ...["v", "serial", "iat", "issuer", "tenant", "tid", "domain", "name"],
    ...["clients", "roles", "grant_keys", "policy"],
  ]);
  const clients = only(shape.object(from.get("clients")), ["browser", "helper", "sharer", "scope"]);
  const roles = only(shape.object(from.get("roles")), ["claim", "elevation", "unattended"]);
  const policy = only(shape.object(from.get("policy")), ["browser_elevation", "scripted_consent"]);
  return {
    v: shape.integer(from.get("v"), shape.U8),
    serial: shape.integer(from.get("serial"), shape.U64),
    iat: shape.integer(from.get("iat"), shape.U64),
    issuer: shape.string(from.get("issuer")),
    tenant: shape.string(from.get("tenant")),
    tid: shape.boolean(from.get("tid")),
    domain: shape.string(from.get("domain")),
    name: shape.string(from.get("name")),
    clients: {
      browser: shape.string(clients.get("browser")),
      helper: shape.string(clients.get("helper")),
      sharer: shape.string(clients.get("sharer")),
      scope: shape.string(clients.get("scope")),
    },
    roles: {
      claim: shape.string(roles.get("claim")),
      elevation: shape.string(roles.get("elevation")),
      unattended: shape.string(roles.get("unattended")),
    },
    grant_keys: shape.list(from.get("grant_keys"), Number.POSITIVE_INFINITY).map(keyText),
    policy: {
      browser_elevation: shape.boolean(policy.get("browser_elevation")),
      scripted_consent: shape.boolean(policy.get("scripted_consent")),
    },
  };
}

/** A member that nobody knows could mean something to somebody else. */
function only(members: shape.Members, names: readonly string[]): shape.Members {
  if (![...members.keys()].every((name) => names.includes(name))) throw Malformed.message();
  return members;
}

function keyText(value: unknown): string {
  const text = shape.string(value);
  if (decodeBase64url(text, 32) === null) throw Malformed.message();
  return text;
}

function wrongField({ v, issuer, tenant, domain, name, clients, roles, grant_keys }: Bundle): string | null {
  const texts: readonly (readonly [string, readonly string[]])[] = [
    ["issuer", [issuer]],
    ["tenant", [tenant]],
    ["domain", [domain]],
    ["name", [name]],
    ["clients", Object.values(clients)],
    ["roles", Object.values(roles)],
  ];
  const isUnfit = (text: string) => text === "" || byteLength(text) > MAX_TEXT || /\p{Cc}/u.test(text);
  const unfit = texts.find(([, fields]) => fields.some(isUnfit));
  if (unfit !== undefined) return unfit[0];
  if (!clients.scope.split(" ").includes("openid")) return "clients";
  if (v !== 1) return "v";
  if (!issuer.startsWith("https://")) return "issuer";
  return grant_keys.length === 0 || grant_keys.length > GRANT_KEYS ? "grant_keys" : null;
}
