import { useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { FaultText } from "../fault/fault.tsx";
import { Invitations } from "../home/invitations.tsx";
import { CodePanel } from "../session/code-panel.tsx";
import { Ended } from "../session/ended.tsx";
import type { OpenSession } from "../session/sessions.ts";
import { useSessionState, useSessions } from "../session/use.ts";
import { useMe } from "../sign-in/guard.tsx";
import { Page } from "../ui/page.tsx";

/** `/h`: a code as soon as the person is signed in, without a click. */
export function ShortPage() {
  const { t } = useLingui();
  const { may } = useMe();
  return (
    <Page title={t`Your code`} narrow>
      {may.enabled && may.offer ? (
        <>
          <Invitations />
          <Code />
        </>
      ) : (
        <FaultText fault={{ code: may.enabled ? "RH-1202" : "RH-1201", text: "" }} />
      )}
    </Page>
  );
}

function Code() {
  const sessions = useSessions();
  const [open, setOpen] = useState<OpenSession | null>(null);
  useEffect(() => setOpen(sessions.waiting()), [sessions]);
  return open && <One open={open} another={() => setOpen(sessions.waiting())} />;
}

function One({ open, another }: { readonly open: OpenSession; readonly another: () => void }) {
  const sessions = useSessions();
  const navigate = useNavigate();
  const { card, phase } = useSessionState(open.session);
  useEffect(() => {
    const params = { number: String(open.number) };
    if (card !== null) void navigate({ to: "/session/$number", params, replace: true });
  }, [card, navigate, open]);
  if (phase === "ended") {
    const again = () => {
      sessions.close(open.number);
      another();
    };
    return <Ended open={open} again={again} />;
  }
  return <CodePanel open={open} />;
}
