import {
  Badge,
  Button,
  Caption1,
  makeStyles,
  Popover,
  PopoverSurface,
  PopoverTrigger,
  Subtitle2,
  tokens,
} from "@fluentui/react-components";
import { PeopleRegular } from "@fluentui/react-icons";
import type { Helper, Invitation } from "@handrail/viewer";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useFormat } from "../ui/format.ts";
import { hidden } from "../ui/hidden.ts";
import { useLevelName } from "../ui/words.ts";
import { Invite } from "./invite.tsx";
import { AnswerTime } from "./question.tsx";
import type { OpenSession } from "./sessions.ts";
import { useSessionState } from "./use.ts";

const useStyles = makeStyles({
  surface: { display: "grid", rowGap: tokens.spacingVerticalM, maxWidth: "360px" },
  title: { margin: 0 },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "grid", rowGap: tokens.spacingVerticalS },
  item: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalM,
    justifyContent: "space-between",
    overflowWrap: "anywhere",
  },
  row: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  quiet: { color: tokens.colorNeutralForeground2 },
  hidden,
});

/** Helpers of a session at once (protocol/SPEC.md 16). */
const AT_ONCE = 3;

/** Whether this helper moves the sharer's pointer and keys. One at most does. */
export function hasControl({ level }: Helper): boolean {
  return level !== null && level !== "view";
}

/** Who helps in this session, who is invited, and how somebody else comes in. */
export function HelpersButton({ open }: { readonly open: OpenSession }) {
  const styles = useStyles();
  const { t } = useLingui();
  const { helpers, invitations } = useSessionState(open.session);
  const [isOpen, setOpen] = useState(false);
  const [inviting, setInviting] = useState<"company" | "hand_over" | null>(null);
  const format = useFormat();
  const count = format.number(helpers.length);
  const invited = format.list(invitations.map(({ name }) => name));
  const invite = (what: "company" | "hand_over") => {
    setOpen(false);
    setInviting(what);
  };
  return (
    <>
      <Popover inline open={isOpen} onOpenChange={(_, data) => setOpen(data.open)}>
        <PopoverTrigger disableButtonEnhancement>
          <Button appearance="subtle" icon={<PeopleRegular />}>
            {helpers.length > 1 ? <Trans>Helpers: {count}</Trans> : <Trans>Helpers</Trans>}
          </Button>
        </PopoverTrigger>
        <PopoverSurface aria-label={t`Helpers`} tabIndex={-1} className={styles.surface}>
          <Present open={open} />
          <Invited open={open} />
          <Actions open={open} invite={invite} />
        </PopoverSurface>
      </Popover>
      <span className={styles.hidden} role="status">
        {invitations.length > 0 && <Trans>Invited: {invited}</Trans>}
      </span>
      {inviting !== null && (
        <Invite open={open} isHandOver={inviting === "hand_over"} close={() => setInviting(null)} />
      )}
    </>
  );
}

function Present({ open }: { readonly open: OpenSession }) {
  const styles = useStyles();
  const { helpers, level } = useSessionState(open.session);
  // Before the sharer's program says who is here, it is the person alone.
  const here = helpers.length > 0 ? helpers : [{ pair: 0, name: "", level, isMe: true }];
  return (
    <section>
      <Subtitle2 as="h2" className={styles.title}>
        <Trans>In the session</Trans>
      </Subtitle2>
      <ul className={styles.list}>
        {here.map((helper) => (
          <One key={helper.pair} helper={helper} />
        ))}
      </ul>
    </section>
  );
}

function One({ helper }: { readonly helper: Helper }) {
  const styles = useStyles();
  const name = useLevelName();
  return (
    <li className={styles.item}>
      {helper.isMe ? <Trans>You</Trans> : <bdi>{helper.name}</bdi>}
      {helper.level === null ? (
        <Caption1 className={styles.quiet}>
          <Trans>Waits for the answer</Trans>
        </Caption1>
      ) : (
        <Badge appearance="tint" color={hasControl(helper) ? "warning" : "informative"}>
          {name(helper.level)}
        </Badge>
      )}
    </li>
  );
}

function Invited({ open }: { readonly open: OpenSession }) {
  const styles = useStyles();
  const { invitations } = useSessionState(open.session);
  if (invitations.length === 0) return null;
  return (
    <section>
      <Subtitle2 as="h2" className={styles.title}>
        <Trans>Invited</Trans>
      </Subtitle2>
      <ul className={styles.list}>
        {invitations.map((invitation) => (
          <Open key={invitation.subject} open={open} invitation={invitation} />
        ))}
      </ul>
    </section>
  );
}

function Open({ open, invitation }: { readonly open: OpenSession; readonly invitation: Invitation }) {
  const styles = useStyles();
  const { t } = useLingui();
  const { subject, name, handOver, until } = invitation;
  return (
    <li className={styles.item}>
      <span>
        <bdi>{name}</bdi>
        <br />
        <Caption1 className={styles.quiet}>
          {handOver && <Trans>Takes over.</Trans>} <AnswerTime until={until} />
        </Caption1>
      </span>
      <Button
        size="small"
        aria-label={t`Cancel the invitation of ${name}`}
        onClick={() => open.session.uninvite(subject)}
      >
        <Trans>Cancel</Trans>
      </Button>
    </li>
  );
}

interface ActionsProps {
  readonly open: OpenSession;
  readonly invite: (what: "company" | "hand_over") => void;
}

function Actions({ open, invite }: ActionsProps) {
  const styles = useStyles();
  const { helpers, invitations } = useSessionState(open.session);
  const most = useFormat().number(AT_ONCE);
  const isFull = Math.max(1, helpers.length) + invitations.length >= AT_ONCE;
  return (
    <>
      <div className={styles.row}>
        <Button disabled={isFull} onClick={() => invite("company")}>
          <Trans>Invite a colleague</Trans>
        </Button>
        <Button disabled={isFull} onClick={() => invite("hand_over")}>
          <Trans>Hand over</Trans>
        </Button>
      </div>
      {isFull && (
        <Caption1 className={styles.quiet}>
          <Trans>No more than {most} helpers can be here or invited.</Trans>
        </Caption1>
      )}
    </>
  );
}
