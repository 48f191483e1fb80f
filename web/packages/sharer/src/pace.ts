// How fast frames leave: no more under way than the path takes (DESIGN 4, the native sharer's rule).

/** Milliseconds: a queue that is longer shrinks the limit. */
const QUEUE = 100;
const MOST = 60;

export class Pace {
  /** Frames under way: the counter that acknowledges them, and when they left. */
  #underWay: { readonly next: bigint; readonly at: number }[] = [];
  #smallest: number | null = null;
  #recent: number[] = [];
  /** Share of the limit that is used. */
  #share = 1;

  /** Whether another frame may leave. */
  get isOpen(): boolean {
    return this.#underWay.length < Math.max(1, Math.round(this.#limit * this.#share));
  }

  /** A frame was sealed; `next` is the counter behind it. */
  sent(next: bigint, now: number): void {
    this.#underWay.push({ next, at: now });
  }

  /** The helper has everything below `next`. */
  acknowledged(next: bigint, now: number): void {
    for (let first = this.#underWay[0]; first !== undefined && first.next <= next; first = this.#underWay[0]) {
      this.#underWay.shift();
      this.#learn(now - first.at);
    }
  }

  /** What was under way is not acknowledged any more. */
  restart(): void {
    this.#underWay = [];
  }

  #learn(trip: number): void {
    this.#smallest = Math.min(this.#smallest ?? trip, trip);
    this.#recent = [...this.#recent, trip].slice(-(this.#limit + 4));
    const isQueued = Math.min(...this.#recent) > this.#smallest + QUEUE;
    this.#share = isQueued ? Math.max(0.1, this.#share * 0.9) : Math.min(1, this.#share * 1.1);
  }

  get #limit(): number {
    return 2 + Math.min(MOST, Math.ceil((this.#smallest ?? 0) / 33));
  }
}
