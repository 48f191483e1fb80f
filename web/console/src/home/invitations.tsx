import { Body1, Button, makeStyles, tokens } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Invitation } from "../api/client.ts";
import { invitations, turnDown } from "../api/queries.ts";
import { useSessionList, useSessions } from "../session/use.ts";
import { useMe } from "../sign-in/guard.tsx";
import { Failure } from "../ui/failure.tsx";
import { Panel } from "../ui/panel.tsx";

const useStyles = makeStyles({
  all: { display: "grid", rowGap: tokens.spacingVerticalM, ":empty": { position: "absolute" } },
  card: {
    borderInlineStartWidth: "4px",
    borderInlineStartStyle: "solid",
    borderInlineStartColor: tokens.colorBrandStroke1,
  },
  row: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalM },
  about: { overflowWrap: "anywhere" },
});

/** Sessions that colleagues ask this person into. Who may not offer help is asked into none. */
export function Invitations() {
  const styles = useStyles();
  const { may } = useMe();
  const open = useSessionList();
  const { data = [] } = useQuery({ ...invitations, enabled: may.enabled && may.offer });
  const isJoined = ({ session }: Invitation) =>
    open.some((one) => one.about.invitation?.session === session && !one.isEnded);
  return (
    <div className={styles.all} aria-live="polite">
      {data
        .filter((one) => !isJoined(one))
        .map((one) => (
          <Card key={one.session} invitation={one} />
        ))}
    </div>
  );
}

function Card({ invitation }: { readonly invitation: Invitation }) {
  const styles = useStyles();
  const { t } = useLingui();
  const client = useQueryClient();
  const join = useJoin(invitation);
  const refuse = useMutation({
    mutationFn: () => turnDown(invitation.session),
    onSettled: () => client.invalidateQueries({ queryKey: invitations.queryKey }),
  });
  const { by, sharer, reason, incident } = invitation;
  return (
    <Panel className={styles.card} title={<Words invitation={invitation} />}>
      {by.title && (
        <Body1>
          <bdi>{by.title}</bdi>
        </Body1>
      )}
      {reason && (
        <Body1 className={styles.about}>
          <Trans>
            Reason: <bdi>{reason}</bdi>
          </Trans>
        </Body1>
      )}
      {incident && (
        <Body1 className={styles.about}>
          <Trans>
            Incident: <bdi>{incident}</bdi>
          </Trans>
        </Body1>
      )}
      {refuse.isError && <Failure error={refuse.error} />}
      <div className={styles.row}>
        <Button appearance="primary" aria-label={t`Join the session with ${sharer.name}`} onClick={join}>
          <Trans>Join</Trans>
        </Button>
        <Button
          disabled={refuse.isPending}
          aria-label={t`Not now: the session with ${sharer.name}`}
          onClick={() => refuse.mutate()}
        >
          <Trans>Not now</Trans>
        </Button>
      </div>
    </Panel>
  );
}

function Words({ invitation }: { readonly invitation: Invitation }) {
  const { by, sharer, hand_over: isHandOver } = invitation;
  return isHandOver ? (
    <Trans>
      <bdi>{by.name}</bdi> wants to hand over the session with <bdi>{sharer.name}</bdi> to you
    </Trans>
  ) : (
    <Trans>
      <bdi>{by.name}</bdi> invites you to help <bdi>{sharer.name}</bdi>
    </Trans>
  );
}

/** Opens a session of this window on the invitation, and its page. */
function useJoin({ session, sharer, reason, incident }: Invitation): () => void {
  const sessions = useSessions();
  const navigate = useNavigate();
  return () => {
    const accepted = { session, sharer: { subject: sharer.subject, name: sharer.name } };
    const { number } = sessions.start({ reason: reason ?? "", incident: incident ?? "", invitation: accepted });
    void navigate({ to: "/session/$number", params: { number: String(number) } });
  };
}
