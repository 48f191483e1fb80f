// What a client judges its peer by, and the judgement (SPEC 8.7).

import { type Bytes, equal, utf8 } from "../bytes.ts";
import { type Credential, decodeCredential } from "../handshake/credential.ts";
import type { Role } from "../message/parts.ts";
import type { Program } from "../message/people.ts";
import { nonceOf } from "./binding.ts";
import type { Bundle } from "./bundle.ts";
import type { KeySet } from "./key-set.ts";
import { NotThemError } from "./not-them.ts";
import { type Issuer, tokenKey, verifyToken } from "./token.ts";

/** Seconds that the keys of a sign-in count; refreshing a token does not extend it. */
export const BINDING_LIFE = 12 * 60 * 60;

/** A peer who proved to be somebody. */
export interface Identity {
  /** Who, within the issuer. */
  readonly subject: string;
  readonly issuer: string;
  /** The display name, or the subject if the token has none. */
  readonly name: string;
  readonly title: string | null;
  readonly company: string | null;
  readonly program: Program;
  /** The key that signs consents. */
  readonly ed25519: Bytes;
  /** When the person signed in, seconds since 1970. */
  readonly signedIn: number;
  /** Values of the claim that the bundle names as second authority. */
  readonly roles: readonly string[];
}

/** The organisation that a client belongs to, as its own bundle says it. */
export class Anchor {
  readonly bundle: Bundle;
  readonly #issuer: Issuer;

  constructor(bundle: Bundle) {
    this.bundle = bundle;
    const { issuer: url, tenant, tid, clients, roles } = bundle;
    this.#issuer = { url, tenant, tid, clients: Object.values(clients), roles: roles.claim };
  }

  /**
   * Who the peer of a handshake is. `ours` is our own role, `peerKey` the X25519 key that the handshake proved, `keys` are those
   * that the issuer publishes, `now` seconds since 1970. Rejects with a `NotThemError`; `unknown_key` may be cured by fetching
   * `keys` anew.
   */
  async verify(bytes: Bytes, peerKey: Bytes, ours: Role, keys: KeySet, now: number): Promise<Identity> {
    const credential = decodeCredential(bytes, ours);
    if (credential === null) throw new NotThemError("no_credential");
    const claims = await verifyToken(credential.id_token, this.#issuer, keys, now);
    const program = this.#program(claims.audience, credential.role);
    if (program === null) throw new NotThemError("program");
    const expected = await nonceOf(peerKey, credential.ed25519, credential.rand);
    if (claims.nonce === null || !equal(utf8(claims.nonce), utf8(expected))) throw new NotThemError("unbound");
    if (now - claims.issued >= BINDING_LIFE) throw new NotThemError("old");
    const { subject, title, company, issued, roles } = claims;
    const name = claims.name ?? subject;
    const who = { subject, issuer: this.#issuer.url, name, title, company };
    return { ...who, program, ed25519: credential.ed25519, signedIn: issued, roles };
  }

  /** The kind of program that this audience stands for, if it may have this role. */
  #program(audience: string, role: Role): Program | null {
    const { browser, helper, sharer } = this.bundle.clients;
    if (audience === (role === "helper" ? helper : sharer)) return "native";
    return audience === browser ? "browser" : null;
  }
}

/** The key that the token of a peer's credential names: whether it has to be fetched is known before anything is verified. */
export function neededKey(bytes: Bytes, ours: Role): string | null {
  const credential: Credential | null = decodeCredential(bytes, ours);
  return credential && tokenKey(credential.id_token);
}
