import { Body1, makeStyles } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Invitations } from "../home/invitations.tsx";
import { CodePanel } from "../session/code-panel.tsx";
import { Ended } from "../session/ended.tsx";
import { Joining } from "../session/joining.tsx";
import { Live } from "../session/live.tsx";
import { Notices } from "../session/notices.tsx";
import type { OpenSession } from "../session/sessions.ts";
import { Start } from "../session/start.tsx";
import { useSessionList, useSessionState, useSessions } from "../session/use.ts";
import { hidden } from "../ui/hidden.ts";
import { Link } from "../ui/link.tsx";
import { Page, useTitle } from "../ui/page.tsx";

/** One session of this window. */
export function SessionPage() {
  const { number } = useParams({ from: "/own/session/$number" });
  const open = useSessionList().find((one) => String(one.number) === number);
  return open === undefined ? <NotHere /> : <One key={open.number} open={open} />;
}

function NotHere() {
  const { t } = useLingui();
  return (
    <Page title={t`This session is not in this window`} narrow>
      <Body1>
        <Trans>
          A session lives in the window where it was begun, and ends with it. <Link to="/">Start a new one</Link>.
        </Trans>
      </Body1>
    </Page>
  );
}

function One({ open }: { readonly open: OpenSession }) {
  const { t } = useLingui();
  const { card, level, phase } = useSessionState(open.session);
  const sessions = useSessions();
  const navigate = useNavigate();
  const name = card?.name ?? "";
  const title = card === null ? t`Session ${open.number}` : t`Session with ${name}`;
  if (phase === "ended") {
    const close = async () => {
      await navigate({ to: "/" });
      sessions.close(open.number);
    };
    const again = async () => {
      const { reason, incident } = open.about;
      const next = sessions.start({ reason, incident });
      await navigate({ to: "/session/$number", params: { number: String(next.number) } });
      sessions.close(open.number);
    };
    return (
      <Page title={title} narrow>
        <Ended open={open} again={() => void again()} close={() => void close()} />
        <Notices open={open} />
      </Page>
    );
  }
  return (
    <>
      <Notices open={open} />
      {level !== null ? (
        <Screen open={open} title={title} />
      ) : (
        <Page title={title} narrow>
          {card === null ? <Before open={open} /> : <Start open={open} />}
        </Page>
      )}
    </>
  );
}

/** Nobody else is in it yet: a code waits, or an invitation was accepted. */
function Before({ open }: { readonly open: OpenSession }) {
  const { invitation } = open.about;
  if (invitation !== undefined) return <Joining open={open} name={invitation.sharer.name} />;
  return (
    <>
      <Invitations />
      <CodePanel open={open} />
    </>
  );
}

const useStyles = makeStyles({ hidden });

/** The heading of a running session is for readers only: the screen needs the room. */
function Screen({ open, title }: { readonly open: OpenSession; readonly title: string }) {
  const styles = useStyles();
  const heading = useTitle(title);
  return (
    <>
      <h1 className={styles.hidden} ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <Live open={open} />
    </>
  );
}
