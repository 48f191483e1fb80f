// The warning about the sharer's device: what it is, and whether the helper acknowledged it.

import type { Warning } from "@handrail/protocol";
import type { Compliance } from "./state.ts";

export class DeviceWarning {
  #compliance: Compliance | null = null;

  /** What the relay says now. What was acknowledged stays so as long as the state is the same. */
  change(warning: Warning | undefined): Compliance | null {
    const before = this.#compliance;
    const isAcknowledged = before?.state === warning?.state && before?.isAcknowledged === true;
    this.#compliance = warning === undefined ? null : { ...warning, isAcknowledged };
    return this.#compliance;
  }

  /** The helper read it; null if there is nothing to read. */
  acknowledge(): Compliance | null {
    if (this.#compliance !== null) this.#compliance = { ...this.#compliance, isAcknowledged: true };
    return this.#compliance;
  }
}
