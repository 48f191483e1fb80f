// Why something did not work, as the page is told it.

import type { FaultName, HandshakeError, Refusal } from "@handrail/protocol";
import type { Fault } from "./state.ts";

/** A refusal of the relay. */
export function told({ fault, text, rule, step_up }: Refusal): Fault {
  return { code: fault, text, ...(rule !== undefined && { rule }), ...(step_up !== undefined && { stepUp: step_up }) };
}

/** What a failed handshake is to the person. */
export function failedBy({ why }: HandshakeError, burned: boolean): FaultName {
  if (why === "version") return "Version";
  if (why === "differs") return "PeerDiffers";
  if (why === "unverified") return "PeerUnverified";
  return burned ? "CodeBurned" : "SecurityCheck";
}
