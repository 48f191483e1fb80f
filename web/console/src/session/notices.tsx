import { Toast, ToastBody, Toaster, ToastTitle, useToastController } from "@fluentui/react-components";
import type { Notice } from "@handrail/viewer";
import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useEffect } from "react";
import { FaultLink, RuleName, useSentence } from "../fault/fault.tsx";
import type { OpenSession } from "./sessions.ts";
import { useSessionState } from "./use.ts";

/** The toasts of the page. */
const TOASTER = "notices";

/** Tells each notice of a session once. */
export function Notices({ open }: { readonly open: OpenSession }) {
  const { notice } = useSessionState(open.session);
  const { dispatchToast } = useToastController(TOASTER);
  const say = useWords();
  useEffect(() => {
    if (notice === null || notice.serial <= open.shownNotice) return;
    open.shownNotice = notice.serial;
    const toast = (
      <Toast>
        <ToastTitle>{say(notice)}</ToastTitle>
        {notice.fault && (
          <ToastBody>
            <RuleName rule={notice.fault.rule} /> <FaultLink code={notice.fault.code} />
          </ToastBody>
        )}
      </Toast>
    );
    dispatchToast(toast, { intent: notice.kind === "declined" ? "info" : "warning", timeout: 8000 });
  });
  return <Toaster toasterId={TOASTER} position="bottom-end" inline />;
}

function useWords(): (notice: Notice) => string {
  const { t } = useLingui();
  const sentence = useSentence();
  return ({ kind, fault, name = "", count = 0 }) => {
    switch (kind) {
      case "input_discarded":
        return plural(count, {
          one: "# key or movement came too late and was thrown away. All keys are up.",
          other: "# keys or movements came too late and were thrown away. All keys are up.",
        });
      case "input_not_sent":
        return plural(count, {
          one: "# key or movement was not sent, because full control ended.",
          other: "# keys or movements were not sent, because full control ended.",
        });
      case "chat_refused":
        return t`The line is longer than 65536 bytes and was not sent.`;
      case "uninvited":
        return fault === undefined ? t`${name} does not come.` : t`${name} does not come: ${sentence(fault)}`;
      default:
        return fault === undefined ? t`Something did not work.` : sentence(fault);
    }
  };
}
