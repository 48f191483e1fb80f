// Questions, consents and grants (SPEC 6.4 to 6.6). To view is all there is: everything else is answered with no, and put to nobody.

import {
  type Bytes,
  consentBytes,
  encodeBase64url,
  type FromRelay,
  fromHex,
  readGrant,
  toHex,
  utf8,
} from "@handrail/protocol";
import { CHALLENGE_EVERY, type Helper, type Setting } from "./helper.ts";
import type { Parts } from "./parts.ts";
import type { Voice } from "./voice.ts";

/** Milliseconds before anybody can allow: nobody presses by accident, and with a stranger there is time to think. */
const GUARD = 1000;
const FIRST_CONTACT = 5000;
const ZEROS = new Uint8Array(32);

export class Levels {
  readonly #parts: Parts;
  readonly #voice: Voice;
  #questions = 0;

  constructor(parts: Parts, voice: Voice) {
    this.#parts = parts;
    this.#voice = voice;
  }

  /** A helper asks for a level. */
  asked(helper: Helper, { level, within }: Extract<FromRelay, { type: "asked" }>): void {
    if (level !== "view") {
      this.#refuse(helper, level);
      return;
    }
    const now = this.#parts.now();
    this.#questions += 1;
    const pause = helper.isFirstContact ? FIRST_CONTACT : GUARD;
    helper.question = { serial: this.#questions, until: now + within * 1000, allowFrom: now + pause };
  }

  /** The person says yes to this text. False if there is nothing to say yes to, or not yet. */
  async allow(setting: Setting, helper: Helper, shown: string): Promise<boolean> {
    const { question } = helper;
    if (question === null || this.#parts.now() < question.allowFrom) return false;
    helper.question = null;
    await this.#parts.contacts.note(helper.identity);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(shown)));
    await this.#consent(setting, helper, { shown: digest, ui: "window" });
    return true;
  }

  decline(helper: Helper): void {
    if (helper.question === null) return;
    helper.question = null;
    this.#refuse(helper, "view");
  }

  /** The level that stands, in the next generation. Nobody is asked. */
  renew(setting: Setting, helper: Helper): Promise<void> {
    return this.#consent(setting, helper, { shown: ZEROS, ui: "unattended" });
  }

  challenge(helper: Helper): void {
    const [now, nonce] = [this.#parts.now(), drawNonce()];
    helper.challengeAt = now + CHALLENGE_EVERY;
    helper.gate.challenge(nonce, now);
    this.#voice.say({ type: "challenge", pair: helper.pair, generation: helper.generation, nonce });
  }

  /** The relay says that a level stands. Signature and gate judge it; true if this begins something. */
  async granted(helper: Helper, token: string): Promise<boolean> {
    const grant = await readGrant(this.#parts.trust.bundle.grant_keys, token);
    const now = this.#parts.now();
    if (grant === null || helper.gate.open(grant, now) !== null) return false;
    helper.challengeAt ??= now + CHALLENGE_EVERY;
    if (!helper.begin(grant.generation, now)) return false;
    helper.isGranted = true;
    return true;
  }

  async #consent(
    { tenant, session }: Setting,
    helper: Helper,
    { shown, ui }: { shown: Bytes; ui: "window" | "unattended" },
  ): Promise<void> {
    const [now, nonce] = [this.#parts.now(), drawNonce()];
    const { pair, identity, hash } = helper;
    helper.generation += 1;
    const { generation } = helper;
    helper.gate.consented(generation);
    helper.gate.challenge(nonce, now);
    const [level, at] = ["view", Date.now()] as const;
    const { issuer, subject } = identity;
    const who = { issuer, subject, shown, at, ui };
    const about = { session: fromHex(session) ?? ZEROS, tenant, pair, level, generation, hash, helperKey: helper.key };
    const signature = encodeBase64url(await this.#parts.trust.sign(consentBytes({ ...about, ...who })));
    const signed = { ...who, shown: toHex(shown), signature };
    this.#voice.say({ type: "consent", pair, level, generation, hash: toHex(hash), answer: "allow", nonce, signed });
  }

  #refuse({ pair, generation, hash }: Helper, level: Extract<FromRelay, { type: "asked" }>["level"]): void {
    const answer = { answer: "decline", nonce: drawNonce() } as const;
    this.#voice.say({ type: "consent", pair, level, generation, hash: toHex(hash), ...answer });
  }
}

function drawNonce(): string {
  return encodeBase64url(crypto.getRandomValues(new Uint8Array(16)));
}
