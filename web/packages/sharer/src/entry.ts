// From a typed code, or from an invitation, to a helper who is verified (SPEC 6.9, 8).

import {
  type Bytes,
  type Envelope,
  type FaultName,
  type FromRelay,
  fault,
  flight,
  fromHex,
  HandshakeError,
  NotACode,
  parseCode,
  toHex,
} from "@handrail/protocol";
import { failedBy } from "@handrail/viewer/end";
import type { Setting } from "./helper.ts";
import { type Invitation, Invitations } from "./invitations.ts";
import type { Parts } from "./parts.ts";
import { type Shaken, Shaking } from "./shaking.ts";
import type { Voice } from "./voice.ts";

/** Helpers at once. */
const AT_ONCE = 3;
const ROUTING = 3;

/** Whom an entry asks and tells. */
export interface Host {
  /** Pairs of the helpers who are in the session. */
  readonly pairs: readonly number[];
  /** The handshake succeeded, and it is somebody who may come. */
  shook(pair: number, shaken: Shaken, invitation: Invitation | null): void;
}

export class Entry {
  readonly invitations = new Invitations();
  readonly #parts: Parts;
  readonly #voice: Voice;
  readonly #host: Host;
  #code: string | null = null;
  #session: string | null = null;
  readonly #shaking = new Map<number, Shaking>();

  constructor(parts: Parts, voice: Voice, host: Host) {
    this.#parts = parts;
    this.#voice = voice;
    this.#host = host;
  }

  /** The session, once the code was taken. */
  get setting(): Setting | null {
    return this.#session === null ? null : { tenant: this.#tenant, session: this.#session };
  }

  /** Uses what the person typed: no more than its first three digits leave this program. */
  join(typed: string): void {
    if (this.#session !== null) return;
    try {
      this.#code = parseCode(typed);
    } catch (error) {
      if (!(error instanceof NotACode)) throw error;
      this.#voice.notice({ kind: "fault", fault: fault("CodeMalformed") });
      return;
    }
    this.#voice.say({ type: "join", routing: this.#code.slice(0, ROUTING) });
    this.#voice.tell({ phase: "checking", notice: null });
  }

  /** The code was not taken: the person may type another. */
  refused(): void {
    if (this.#session !== null) return;
    this.#code = null;
    this.#voice.tell({ phase: "code" });
  }

  /** The code is claimed, or a helper who was asked in is there. */
  async joined({ session, tenant, pair }: Extract<FromRelay, { type: "joined" }>): Promise<void> {
    if (tenant !== this.#tenant) {
      this.#voice.say({ type: "leave" });
      this.#voice.fail("OrganisationChanged");
      return;
    }
    if (this.#session !== null) return this.#letIn(session, pair);
    const code = this.#code;
    if (code === null) return;
    [this.#code, this.#session] = [null, session];
    await this.#shake(session, pair, code);
  }

  /** The pair is gone before it was one. */
  departed(pair: number): void {
    this.#shaking.delete(pair);
  }

  async handleFlight(envelope: Envelope): Promise<void> {
    const { pair } = envelope.header;
    const shaking = this.#shaking.get(pair);
    if (shaking === undefined) return;
    try {
      const next = await shaking.handleFlight(envelope.sealed, this.#parts.client);
      if (this.#voice.isOver || !this.#shaking.has(pair)) return;
      if (next instanceof Uint8Array) this.#parts.carrier.send(flight(pair, shaking.take(), next));
      else this.#shook(pair, next);
    } catch (error) {
      if (!(error instanceof HandshakeError)) throw error;
      this.#giveUp(pair, failedBy(error, false));
    }
  }

  get #tenant(): string {
    return this.#parts.trust.bundle.tenant;
  }

  /** Only if a helper of this session said so by a sealed word. */
  async #letIn(session: string, pair: number): Promise<void> {
    const { pairs } = this.#host;
    const isBusy = pairs.includes(pair) || this.#shaking.has(pair);
    const isRoom = pairs.length + this.#shaking.size < AT_ONCE;
    const isOpen = session === this.#session && this.invitations.any(this.#parts.now());
    if (isBusy || !isRoom || !isOpen) this.#giveUp(pair, "NotInvitable");
    else await this.#shake(session, pair, null);
  }

  async #shake(session: string, pair: number, code: string | null): Promise<void> {
    const context = { session: idOf(session), tenant: this.#tenant };
    const shaking = await Shaking.begin(context, code, this.#parts.trust);
    this.#shaking.set(pair, shaking);
    this.#parts.carrier.send(flight(pair, shaking.take(), shaking.first));
  }

  #shook(pair: number, shaken: Shaken): void {
    const { established, helper, isByCode } = shaken;
    const invitation = isByCode ? null : this.invitations.take(helper.subject, this.#parts.now());
    if (!isByCode && invitation === null) {
      this.#giveUp(pair, "PeerDiffers");
      return;
    }
    this.#shaking.delete(pair);
    this.#host.shook(pair, shaken, invitation);
    const keys = { helper_key: toHex(established.peerKey), sharer_key: toHex(this.#parts.trust.signingKey) };
    this.#voice.say({ type: "shook", pair, hash: toHex(established.hash), ...keys });
  }

  /** Without another helper there is nothing to go on with; with one the person hears only that something did not work. */
  #giveUp(pair: number, name: FaultName): void {
    this.#shaking.delete(pair);
    this.#voice.say({ type: "shake_failed", pair, burned: false });
    if (this.#host.pairs.length === 0) this.#voice.fail(name);
    else this.#voice.notice({ kind: "fault", fault: fault(name) });
  }
}

function idOf(session: string): Bytes {
  const bytes = fromHex(session, 16);
  if (bytes === null) throw new TypeError("a session has 32 hex digits");
  return bytes;
}
