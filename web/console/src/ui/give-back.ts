import { useEffect, useState } from "react";

/** Gives the focus back, when a dialog goes, to what had it before; or to the page, if that is gone. Without it readers stay shut out. */
export function useGiveBack(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      // After the dialog has left the document.
      setTimeout(() => {
        const isThere = before instanceof HTMLElement && before.isConnected && before !== document.body;
        const to = isThere ? before : document.getElementById("main");
        to?.focus({ preventScroll: true });
        // A dialog that goes together with its page leaves its mark on all the rest.
        const isOpen = document.querySelector("[aria-modal=true]") !== null;
        if (!isOpen) document.getElementById("root")?.removeAttribute("aria-hidden");
      });
    },
    [before],
  );
}
