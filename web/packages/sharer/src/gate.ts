// The gate of a helper: whether the picture may be sent now (SPEC 6.4). It opens for a grant that repeats what was consented to here
// and answers a challenge that was made here. A level with input never opens it.

import type { Grant } from "@handrail/protocol";

/** Milliseconds of a grant, and of the picture, from the challenge. */
const GRANT_LIFE = 30_000;
const PICTURE_LIFE = 60_000;
/** How many challenges may be unanswered. */
const CHALLENGES = 4;

/** Which helper of which session. */
export interface Place {
  readonly tenant: string;
  readonly session: string;
  readonly pair: number;
  readonly hash: string;
  readonly helperKey: string;
}

/** Why a grant is not taken. */
export type Refused = "other_session" | "not_consented" | "replayed" | "stale";

export class Gate {
  readonly #place: Place;
  #consented: number | null = null;
  #challenges: { readonly nonce: string; readonly made: number }[] = [];
  #sequence = 0;
  #openedBy: number | null = null;

  constructor(place: Place) {
    this.#place = place;
  }

  /** The person here allows to view, in this generation. */
  consented(generation: number): void {
    this.#consented = generation;
  }

  /** A challenge was made. */
  challenge(nonce: string, now: number): void {
    this.#challenges = [...this.#challenges, { nonce, made: now }].slice(-CHALLENGES);
  }

  /** Takes a grant, or says why not. One that is refused changes nothing. */
  open(grant: Grant, now: number): Refused | null {
    const { tenant, session, pair, hash, helperKey } = this.#place;
    const isOurs = grant.tenant === tenant && grant.session === session && grant.pair === pair;
    if (!isOurs || grant.hash !== hash || grant.helperKey !== helperKey) return "other_session";
    if (this.#consented === null || grant.level !== "view" || grant.generation !== this.#consented) {
      return "not_consented";
    }
    if (grant.sequence <= this.#sequence) return "replayed";
    const challenge = this.#challenges.find(({ nonce }) => nonce === grant.nonce);
    if (challenge === undefined || now >= challenge.made + GRANT_LIFE) return "stale";
    this.#sequence = grant.sequence;
    this.#openedBy = challenge.made;
    return null;
  }

  /** Whether the picture may be sent. */
  shows(now: number): boolean {
    return this.#openedBy !== null && now < this.#openedBy + PICTURE_LIFE;
  }

  /** The end. */
  shut(): void {
    this.#consented = null;
    this.#openedBy = null;
  }
}
