// The helper's colleagues: who could come into the session, who is asked to, who is in it (SPEC 6.9).

import {
  type Colleague as Attested,
  byteLength,
  type Control,
  type FaultCode,
  type FromRelay,
  faultOf,
  MAX_SEARCH,
  type Present,
} from "@handrail/protocol";
import { line } from "./card.ts";
import type { Colleague, Fault, Helper, Invitation, Search } from "./state.ts";
import type { Voice } from "./voice.ts";

/** Faults that an `invite` alone is answered by. */
const REFUSALS: readonly string[] = ["RH-1219", "RH-1220"];

/** Sends a control message to the sharer, and calls back once it is on its way. */
export type Seal = (control: Control, then: () => void) => void;

export class Company {
  readonly #voice: Voice;
  readonly #seal: Seal;
  /** What the relay is looking for, and what it is asked for next: its answers do not say what they answer. */
  #search: string | null = null;
  #nextSearch: string | null = null;
  /** Colleagues whose invitation the relay has not confirmed, oldest first. */
  #unconfirmed: readonly string[] = [];
  #invitations: readonly Invitation[] = [];
  /** Every helper there ever was: who leaves keeps the lines that were written. */
  readonly #names = new Map<number, string>();

  constructor(voice: Voice, seal: Seal) {
    this.#voice = voice;
    this.#seal = seal;
  }

  /** The name of the helper of a pair, as the sharer verified it. */
  nameOf(pair: number): string {
    return this.#names.get(pair) ?? "–";
  }

  // ---- Commands

  find(search: string): void {
    const wanted = cut(search.trim());
    this.#voice.tell({ colleagues: { search: wanted, people: null, fault: null } });
    if (this.#search === null) this.#ask(wanted);
    else this.#nextSearch = wanted;
  }

  /** The sharer hears of it first, and sealed: a relay that brings somebody else is found out. */
  invite({ subject, name }: Colleague, handOver: boolean): void {
    this.#unconfirmed = [...this.#unconfirmed, subject];
    this.#seal({ type: "invite", subject, name, hand_over: handOver }, () =>
      this.#voice.say({ type: "invite", subject, hand_over: handOver }),
    );
  }

  uninvite(subject: string): void {
    this.#remove(subject);
    this.#seal({ type: "uninvite", subject }, () => this.#voice.say({ type: "uninvite", subject }));
  }

  // ---- What the relay says

  handleMessage(message: Extract<FromRelay, { type: "colleagues" | "invited" | "uninvited" }>, now: number): void {
    switch (message.type) {
      case "colleagues":
        this.#answered({ people: message.people.map(readably), fault: null });
        return;
      case "invited":
        this.#invited(readably(message.colleague), message.hand_over, now + message.within * 1000);
        return;
      case "uninvited":
        this.#uninvited(message.subject, message.fault);
    }
  }

  /** A request was refused. The relay does not say which; some faults do. */
  refused(fault: Fault): void {
    if (REFUSALS.includes(fault.code)) {
      const [subject, ...rest] = this.#unconfirmed;
      this.#unconfirmed = rest;
      if (subject !== undefined) this.#withdraw(subject);
      return;
    }
    this.#answered({ people: null, fault });
  }

  // ---- What the sharer says

  /** Who helps now; `mine` is the pair of the person here. */
  present(helpers: readonly Present[], mine: number): void {
    for (const { pair, name } of helpers) this.#names.set(pair, line(name));
    this.#voice.tell({
      helpers: helpers.map(
        ({ pair, level }): Helper => ({ pair, name: this.nameOf(pair), level, isMe: pair === mine }),
      ),
    });
  }

  // ---- Time

  handleTimeout(now: number): void {
    const open = this.#invitations.filter(({ until }) => until > now);
    if (open.length < this.#invitations.length) this.#change(open);
  }

  /** When the next invitation is over. */
  pollTimeout(): number {
    return Math.min(Number.POSITIVE_INFINITY, ...this.#invitations.map(({ until }) => until));
  }

  #invited({ subject, name }: Colleague, handOver: boolean, until: number): void {
    this.#unconfirmed = this.#unconfirmed.filter((one) => one !== subject);
    const others = this.#invitations.filter((one) => one.subject !== subject);
    this.#change([...others, { subject, name, handOver, until }]);
  }

  /** The colleague comes, or there is a reason why not. Of an invitation that was taken back here nothing is told. */
  #uninvited(subject: string, code: FaultCode | undefined): void {
    const invitation = this.#invitations.find((one) => one.subject === subject);
    if (invitation === undefined) return;
    this.#remove(subject);
    if (code === undefined) return;
    this.#withdraw(subject);
    this.#voice.notice({ kind: "uninvited", fault: faultOf(code), name: invitation.name });
  }

  #ask(search: string): void {
    this.#search = search;
    this.#voice.say({ type: "colleagues", search });
  }

  /** Who typed on meanwhile is told of the newest search only. */
  #answered(answer: Omit<Search, "search">): void {
    const [search, next] = [this.#search, this.#nextSearch];
    if (search === null) return;
    [this.#search, this.#nextSearch] = [null, null];
    if (next === null) this.#voice.tell({ colleagues: { search, ...answer } });
    else this.#ask(next);
  }

  #withdraw(subject: string): void {
    this.#seal({ type: "uninvite", subject }, () => {});
  }

  #remove(subject: string): void {
    this.#change(this.#invitations.filter((one) => one.subject !== subject));
  }

  #change(invitations: readonly Invitation[]): void {
    this.#invitations = invitations;
    this.#voice.tell({ invitations });
  }
}

/** A person of the relay's, as a page can show one. */
function readably({ subject, name, title }: Attested): Colleague {
  return { subject, name: line(name), ...(title !== undefined && { title: line(title) }) };
}

/** As much as a search may hold. */
function cut(search: string): string {
  const letters = Array.from(search).slice(0, MAX_SEARCH);
  while (byteLength(letters.join("")) > MAX_SEARCH) letters.pop();
  return letters.join("");
}
