import type { Level } from "@handrail/viewer";
import { useLingui } from "@lingui/react/macro";
import type { OpenSession } from "./sessions.ts";
import { useSessionState } from "./use.ts";

/** Why the helper cannot have a level; null if they can ask for it. */
export function useLevelReason(open: OpenSession, level: Level): string | null {
  const { t } = useLingui();
  const { levels, compliance } = useSessionState(open.session);
  if (level === "elevation" || level === "unattended")
    return t`From the native helper program only, in a later version.`;
  if (levels.includes(level)) return null;
  if (compliance?.action === "view_only" && level !== "view") return t`The state of the device allows to view only.`;
  return t`Your roles do not include this level for this person.`;
}
