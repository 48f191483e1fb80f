// What a session machine is made with.

import type { FrameCarrier, SharerTrust } from "@handrail/viewer/end";
import type { Contacts } from "./contacts.ts";
import type { SharerState } from "./state.ts";

export interface Parts {
  readonly carrier: FrameCarrier;
  readonly trust: SharerTrust;
  readonly contacts: Contacts;
  /** Milliseconds, from any start. */
  readonly now: () => number;
  /** Gets the members of the state that changed. */
  readonly tell: (change: Partial<SharerState>) => void;
  /** Somebody may take a frame now, or needs one. */
  readonly wake: () => void;
  /** Name and version of this program. */
  readonly client: string;
}
