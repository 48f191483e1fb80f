// The sharer's end: it begins generations, and never opens input.

import { type Bytes, toHex } from "./bytes.ts";
import type { Start } from "./control.ts";
import { End } from "./end.ts";

/**
 * The end of a sharer.
 *
 * INVARIANT: it derives no key that opens input (SPEC 9.2). A sharer in a browser is view only, whatever a relay grants or a page asks.
 */
export class SharerEnd extends End {
  protected override get opensInput(): boolean {
    return false;
  }

  /** Begins a generation with 32 fresh bytes, which are wiped once they are keys. */
  begin(generation: number, secret: Bytes, now: number): void {
    this.sendControl({ type: "epoch", generation, secret: toHex(secret), starts: this.starts() }, now);
    this.install(generation, secret, now);
  }

  protected override handleEpochAck(generation: number, starts: readonly Start[]): void {
    if (generation > this.generation) this.drop("other_generation");
    else this.generations.noteStarts(generation, starts);
  }
}
