// Why something did not work, as the page is told it.

import type { FaultName, HandshakeError } from "@handrail/protocol";
import type { Fault } from "./state.ts";

/** A fault of the relay, with the name of the rule that led to it. */
export function told(code: string, text: string, rule?: string): Fault {
  return { code, text, ...(rule !== undefined && { rule }) };
}

/** What a failed handshake is to the person. */
export function failedBy({ why }: HandshakeError, burned: boolean): FaultName {
  if (why === "version") return "Version";
  if (why === "unverified") return "PeerUnverified";
  return burned ? "CodeBurned" : "SecurityCheck";
}
