import { MessageBar, MessageBarBody } from "@fluentui/react-components";
import { useLocation } from "@tanstack/react-router";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";

interface Told {
  readonly text: ReactNode;
  /** The page that says it. */
  readonly at: string;
}

const Context = createContext<(told: Told) => void>(() => {});

/** Says on a page that something was done. */
export function useTell(): (told: Told) => void {
  return useContext(Context);
}

/** Shows what was done, above its page, until another one is opened. */
export function ToldProvider({ children }: { readonly children: (told: ReactNode) => ReactNode }) {
  const [told, setTold] = useState<Told | null>(null);
  const { pathname } = useLocation();
  const tell = useMemo(() => (one: Told) => setTold(one), []);
  const isHere = told !== null && told.at === pathname;
  return (
    <Context value={tell}>
      {children(
        <div role="status">
          {isHere && (
            <MessageBar intent="success">
              <MessageBarBody>{told.text}</MessageBarBody>
            </MessageBar>
          )}
        </div>,
      )}
    </Context>
  );
}
