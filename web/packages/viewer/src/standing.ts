// The level that stands, the one that is on its way, and the question that is open. Nothing is sent here.

import { includesInput, type Level } from "@handrail/protocol";

/** Seconds that the sharer has for the first question, and for later ones. */
const WITHIN = { first: 300, later: 60 };

export class Standing {
  #level: Level | null = null;
  /** A level that the relay granted and whose generation has not begun here. */
  #grant: { readonly level: Level; readonly generation: number } | null = null;
  #hasAsked = false;
  /** The question that stands open. */
  #asked: Level | null = null;

  get level(): Level | null {
    return this.#level;
  }

  get includesInput(): boolean {
    return this.#level !== null && includesInput(this.#level);
  }

  /** A level is asked for. Gives the seconds that the sharer has. */
  ask(level: Level): number {
    const within = this.#hasAsked ? WITHIN.later : WITHIN.first;
    this.#hasAsked = true;
    this.#asked = level;
    return within;
  }

  declined(): void {
    this.#asked = null;
  }

  granted(level: Level, generation: number): void {
    this.#grant = { level, generation };
  }

  /** Input ends with the level that includes it. Gives whether it did. */
  stepDown(level: Level): boolean {
    if (includesInput(level) || !this.includesInput) return false;
    this.#level = level;
    return true;
  }

  /** Takes what was granted, if the keys of its generation are here. Gives the level, and whether the open question is answered by it. */
  take(generation: number): { readonly level: Level; readonly isAnswered: boolean } | null {
    const grant = this.#grant;
    if (grant === null || grant.generation > generation) return null;
    this.#grant = null;
    // The sharer's challenges bring the same level again and again; an open question stays open under them.
    const isAnswered = this.#level !== grant.level || this.#asked === grant.level;
    this.#level = grant.level;
    if (isAnswered) this.#asked = null;
    return { level: grant.level, isAnswered };
  }
}
