// Why a peer is nobody.

/** The rule that a credential breaks, as `vectors/identity.json` calls it. */
export type Rule =
  | "no_credential"
  | "too_large"
  | "malformed"
  | `header ${string}`
  | "type"
  | "unknown_key"
  | "algorithm"
  | "signature"
  | `claim ${string}`
  | "issuer"
  | "audience"
  | "tenant"
  | "not_yet"
  | "lifetime"
  | "program"
  | "unbound"
  | "old";

/** A peer who did not prove to be anybody. The rule is for tests and developers: the person reads RH-1302. */
export class NotThemError extends Error {
  override readonly name = "NotThemError";
  readonly rule: Rule;

  constructor(rule: Rule) {
    super(`the other person is not verified: ${rule}`);
    this.rule = rule;
  }
}
