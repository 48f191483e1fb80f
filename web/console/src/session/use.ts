import type { Session, SessionState } from "@handrail/viewer";
import { createContext, useContext, useSyncExternalStore } from "react";
import type { OpenSession, Sessions } from "./sessions.ts";

const Context = createContext<Sessions | null>(null);

export const SessionsProvider = Context.Provider;

/** The sessions of this window. */
export function useSessions(): Sessions {
  const sessions = useContext(Context);
  if (sessions === null) throw new Error("no sessions are provided");
  return sessions;
}

/** Their list, kept up to date. */
export function useSessionList(): readonly OpenSession[] {
  const sessions = useSessions();
  return useSyncExternalStore(sessions.subscribe, () => sessions.list);
}

/** What one session says of itself. */
export function useSessionState(session: Session): SessionState {
  return useSyncExternalStore(
    (listener) => session.subscribe(listener),
    () => session.state,
  );
}
