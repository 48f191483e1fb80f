import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";

/** `?` opens the list of shortcuts, except where a person writes or a session has the keyboard. */
export function useQuestionMark(): void {
  const navigate = useNavigate();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const at = event.target;
      const isWriting =
        at instanceof HTMLElement && at.closest("input, textarea, select, canvas, [contenteditable]") !== null;
      if (event.key !== "?" || isWriting || event.defaultPrevented || event.ctrlKey || event.altKey) return;
      event.preventDefault();
      void navigate({ to: "/help", hash: "shortcuts" });
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [navigate]);
}
