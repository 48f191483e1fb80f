import { type Accepted, open, type Session } from "@handrail/viewer";
import { ticket } from "../api/client.ts";

/** Why a session is started. */
export interface About {
  readonly reason: string;
  readonly incident: string;
  /** A colleague's invitation, in the place of a code. */
  readonly invitation?: Accepted;
}

/** A session of this window, with what outlives the pages that show it. */
export class OpenSession {
  readonly session: Session;
  /** `Date.now()` when somebody was paired, and when it ended. */
  pairedAt: number | null = null;
  endedAt: number | null = null;
  /** The newest notice that was shown, and how many lines of chat were read. */
  shownNotice = 0;
  readLines = 0;
  #canvas: HTMLCanvasElement | null = null;

  constructor(
    readonly number: number,
    readonly about: About,
  ) {
    const { reason, incident, invitation } = about;
    this.session = open({
      relay: new URL(location.origin),
      ticket,
      ...(reason !== "" && { reason }),
      ...(incident !== "" && { incident }),
      ...(invitation !== undefined && { invitation }),
    });
  }

  /** One canvas for the whole session: its drawing goes to the worker for good, whichever page shows it. */
  get canvas(): HTMLCanvasElement {
    if (this.#canvas === null) {
      this.#canvas = document.createElement("canvas");
      this.session.attach(this.#canvas);
    }
    return this.#canvas;
  }

  get isEnded(): boolean {
    return this.session.state.phase === "ended";
  }

  /** Somebody else is in it. */
  get isPaired(): boolean {
    return this.session.state.card !== null && !this.isEnded;
  }

  /** Nobody typed its code yet. */
  get isWaiting(): boolean {
    return this.about.invitation === undefined && this.session.state.card === null && !this.isEnded;
  }
}

/** The sessions of this window. They go on while the person looks at other pages. */
export class Sessions {
  #list: readonly OpenSession[] = [];
  #count = 0;
  readonly #listeners = new Set<() => void>();

  constructor() {
    window.addEventListener("beforeunload", (event) => {
      if (this.#list.some((one) => one.isPaired)) event.preventDefault();
    });
  }

  get list(): readonly OpenSession[] {
    return this.#list;
  }

  get(number: number): OpenSession | null {
    return this.#list.find((one) => one.number === number) ?? null;
  }

  start(about: About): OpenSession {
    this.#count += 1;
    const added = new OpenSession(this.#count, about);
    this.#list = [...this.#list, added];
    let stands = "";
    added.session.subscribe(() => {
      const { phase, card } = added.session.state;
      if (card !== null) added.pairedAt ??= Date.now();
      if (phase === "ended") added.endedAt ??= Date.now();
      const now = `${phase} ${card?.name ?? ""}`;
      if (now !== stands) this.#change([...this.#list]);
      stands = now;
    });
    this.#change(this.#list);
    return added;
  }

  /** The session behind `/h`: one that still waits for somebody, else a new one. */
  waiting(): OpenSession {
    return this.#list.find((one) => one.isWaiting) ?? this.start({ reason: "", incident: "" });
  }

  /** An ended session leaves the list; one that is not ended is left first. */
  close(number: number): void {
    const closed = this.get(number);
    if (closed === null) return;
    if (!closed.isEnded) closed.session.leave();
    this.#change(this.#list.filter((one) => one !== closed));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #change(list: readonly OpenSession[]): void {
    this.#list = list;
    for (const listener of this.#listeners) listener();
  }
}
