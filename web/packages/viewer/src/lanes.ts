/** Priorities of SPEC 4: 0 goes first. */
const PRIORITIES = 6;

/** Frames that wait for the socket, by priority; within one the order is kept (SPEC 5.3). */
export class Lanes<Frame> {
  readonly #lanes: Frame[][] = Array.from({ length: PRIORITIES }, () => []);

  push(priority: number, frame: Frame): void {
    const lane = this.#lanes[priority];
    if (lane === undefined) throw new RangeError(`no priority ${priority}`);
    lane.push(frame);
  }

  /** The frame that goes next. */
  shift(): Frame | undefined {
    return this.#lanes.find((lane) => lane.length > 0)?.shift();
  }

  get isEmpty(): boolean {
    return this.#lanes.every((lane) => lane.length === 0);
  }
}
