// How a session begins: with a code that somebody types, or on a colleague's invitation; and the handshake that either leads to.

import {
  type Bytes,
  type Envelope,
  type FromRelay,
  fault,
  flight,
  fromHex,
  HandshakeError,
  toHex,
} from "@handrail/protocol";
import type { Parts } from "./parts.ts";
import { failedBy } from "./reason.ts";
import { type Shaken, Shaking } from "./shaking.ts";
import type { Voice } from "./voice.ts";
import { ByCode, ByInvitation } from "./way.ts";

/** Whom an entry tells. */
export interface Host {
  /** The handshake succeeded here; the sharer may still refuse it. */
  shook(shaken: Shaken): void;
  /** What it led to is void. */
  released(): void;
}

/** What the relay says before the two are paired. */
type Beginning = Extract<FromRelay, { type: "welcome" | "created" | "claimed" | "unclaimed" }>;

export class Entry {
  readonly #parts: Parts;
  readonly #voice: Voice;
  readonly #host: Host;
  /** Null before there is a code, and after the two are paired. */
  #shaking: Shaking | null = null;
  #pair = 0;
  #flights = 0n;
  #isBegun = false;

  constructor(parts: Parts, voice: Voice, host: Host) {
    this.#parts = parts;
    this.#voice = voice;
    this.#host = host;
    const { invitation, trust } = parts;
    if (invitation === undefined) return;
    this.#shaking = new Shaking(idOf(invitation.session), new ByInvitation(invitation.sharer.subject), trust);
  }

  /** The number of the pair. */
  get pair(): number {
    return this.#pair;
  }

  /** There is a code, or the accepted invitation goes on. Before, a refusal leaves nothing to go on with. */
  get isBegun(): boolean {
    return this.#isBegun;
  }

  handleMessage(message: Beginning): void {
    switch (message.type) {
      case "welcome":
        this.#parts.carrier.welcomed(message.line, message.keep);
        this.#welcome();
        return;
      case "created":
        this.#created(message.session, message.routing, message.expires_in);
        return;
      case "claimed":
        this.#claimed(message.tenant, message.pair);
        return;
      case "unclaimed":
        this.#unclaimed();
    }
  }

  /** Both ends reported the same handshake. */
  paired(): void {
    this.#shaking = null;
  }

  async handleFlight(envelope: Envelope): Promise<void> {
    if (this.#shaking === null) return;
    try {
      const answer = await this.#shaking.handleFlight(envelope.sealed, this.#parts.client);
      if (answer === null || this.#voice.isOver) return;
      this.#parts.carrier.send(flight(this.#pair, this.#flights, answer.flight));
      this.#flights += 1n;
      if (answer.shaken !== null) this.#shook(answer.shaken);
    } catch (error) {
      if (!(error instanceof HandshakeError)) throw error;
      this.#shakeFailed(error);
    }
  }

  #welcome(): void {
    const { reason, incident, invitation } = this.#parts;
    if (invitation !== undefined) this.#voice.say({ type: "accept", session: invitation.session });
    else this.#voice.say({ type: "create", ...(reason && { reason }), ...(incident && { incident }) });
  }

  /** A session by invitation has no code, whatever the relay says. */
  #created(session: string, routing: string, expiresIn: number): void {
    if (this.#parts.invitation !== undefined) {
      this.#voice.fail("Protocol");
      return;
    }
    const way = new ByCode(routing);
    this.#shaking = new Shaking(idOf(session), way, this.#parts.trust);
    this.#isBegun = true;
    const code = { digits: way.digits, expiresAt: this.#parts.now() + expiresIn * 1000 };
    this.#voice.tell({ phase: "code", session, code, attemptsLeft: way.left });
  }

  #claimed(tenant: string, pair: number): void {
    if (this.#shaking === null) {
      this.#voice.fail("Protocol");
      return;
    }
    this.#pair = pair;
    this.#isBegun = true;
    this.#shaking.claim(tenant);
    const { invitation } = this.#parts;
    this.#voice.tell({ phase: "checking", ...(invitation && { session: invitation.session }) });
  }

  /** The sharer is gone before it proved the code, or could not. */
  #unclaimed(): void {
    this.#host.released();
    this.#flights = 0n;
    if (this.#shaking === null) return;
    if (this.#parts.invitation !== undefined) {
      this.#voice.fail("InvitationGone");
      return;
    }
    this.#shaking.release();
    const { left } = this.#shaking;
    this.#voice.tell({ phase: "code", attemptsLeft: left });
    if (left === 0) this.#shakeFailed(new HandshakeError("burned"));
  }

  #shook(shaken: Shaken): void {
    const { established, sharer } = shaken;
    this.#host.shook(shaken);
    const keys = { helper_key: toHex(this.#parts.trust.key.publicKey), sharer_key: toHex(sharer.ed25519) };
    this.#voice.say({ type: "shook", pair: this.#pair, hash: toHex(established.hash), ...keys });
  }

  #shakeFailed(error: HandshakeError): void {
    this.#host.released();
    if (this.#parts.invitation !== undefined) {
      // There is no code to burn; an invitation is tried once.
      this.#voice.say({ type: "shake_failed", pair: this.#pair, burned: false });
      this.#voice.fail(failedBy(error, false));
      return;
    }
    const left = this.#shaking?.left ?? 0;
    const burned = left === 0;
    const name = failedBy(error, burned);
    const kind = burned || error.why === "version" ? "check_failed" : "attempt_failed";
    this.#voice.tell({ attemptsLeft: left });
    this.#voice.notice({ kind, fault: fault(name), count: left });
    this.#voice.say({ type: "shake_failed", pair: this.#pair, burned });
    if (burned) this.#voice.fail(name);
  }
}

/** The bytes of an id. The reader of messages saw to its form; those of an invitation come from the page. */
function idOf(session: string): Bytes {
  return fromHex(session, 16) ?? new Uint8Array(16);
}
