import { Body1, Button, makeStyles, Subtitle1, tokens } from "@fluentui/react-components";
import type { StepUp } from "@handrail/protocol";
import { begin } from "@handrail/sign-in";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { recordOf } from "../api/queries.ts";
import { FaultText } from "../fault/fault.tsx";
import { Failure } from "../ui/failure.tsx";
import { useFormat } from "../ui/format.ts";
import { Panel } from "../ui/panel.tsx";
import { OutcomeForm } from "./outcome.tsx";
import type { OpenSession } from "./sessions.ts";
import { useSessionState } from "./use.ts";

const useStyles = makeStyles({
  card: { rowGap: tokens.spacingVerticalM },
  title: { margin: 0 },
  row: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalM },
});

/** A colleague took the session over: what was wanted, not a fault. */
const HANDED_OVER = "RH-1509";

interface Props {
  readonly open: OpenSession;
  /** A new code. */
  readonly again: () => void;
  readonly close?: () => void;
}

/** A session that is over: why, how long it was, what came of it. */
export function Ended({ open, again, close }: Props) {
  const styles = useStyles();
  const { t } = useLingui();
  const format = useFormat();
  const { end, card, session } = useSessionState(open.session);
  const { pairedAt, endedAt, about } = open;
  return (
    <Panel className={styles.card} label={t`The end of the session`}>
      <Subtitle1 as="h2" className={styles.title}>
        <Head
          isHandedOver={end?.fault?.code === HANDED_OVER}
          isMet={card !== null}
          isMade={session !== null}
          isInvited={about.invitation !== undefined}
        />
      </Subtitle1>
      <Body1>
        {end?.fault?.code === HANDED_OVER ? (
          <Trans>Your colleague goes on with it. Your part is over.</Trans>
        ) : end?.fault ? (
          <FaultText fault={end.fault} />
        ) : card === null ? (
          <Trans>You cancelled it.</Trans>
        ) : (
          <Trans>You ended the session.</Trans>
        )}
      </Body1>
      {card !== null && pairedAt !== null && endedAt !== null && (
        <Body1>
          <Trans>
            With <bdi>{card.name}</bdi>, {format.length((endedAt - pairedAt) / 1000)}.
          </Trans>
        </Body1>
      )}
      {card !== null && session !== null && <Outcome session={session} />}
      <div className={styles.row}>
        {end?.fault?.stepUp && <SignInAgain stepUp={end.fault.stepUp} />}
        <Button appearance={card === null && !end?.fault?.stepUp ? "primary" : "secondary"} onClick={again}>
          <Trans>New code</Trans>
        </Button>
        {close && (
          <Button onClick={close}>
            <Trans>Close</Trans>
          </Button>
        )}
      </div>
    </Panel>
  );
}

interface HeadProps {
  readonly isHandedOver: boolean;
  /** The two were paired. */
  readonly isMet: boolean;
  /** The relay had made a session. */
  readonly isMade: boolean;
  readonly isInvited: boolean;
}

function Head({ isHandedOver, isMet, isMade, isInvited }: HeadProps) {
  if (isHandedOver) return <Trans>You handed the session over</Trans>;
  if (isMet) return <Trans>The session has ended</Trans>;
  if (isInvited) return <Trans>You did not join the session</Trans>;
  return isMade ? <Trans>This code is no longer valid</Trans> : <Trans>No code was made</Trans>;
}

/** A rule of the organisation asks for another sign-in: here it is. */
function SignInAgain({ stepUp }: { readonly stepUp: StepUp }) {
  const [error, setError] = useState<unknown>(null);
  return (
    <>
      <Button appearance="primary" onClick={() => void begin("/h", "usual", stepUp).catch(setError)}>
        <Trans>Sign in again</Trans>
      </Button>
      {error !== null && <Failure error={error} />}
    </>
  );
}

function Outcome({ session }: { readonly session: string }) {
  const { data } = useQuery(recordOf(session));
  return data ? <OutcomeForm record={data} /> : null;
}
