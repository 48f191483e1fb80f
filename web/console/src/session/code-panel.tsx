import {
  Body1,
  Button,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Spinner,
  Text,
  tokens,
} from "@fluentui/react-components";
import { CheckmarkRegular, CopyRegular } from "@fluentui/react-icons";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useFormat } from "../ui/format.ts";
import { hidden } from "../ui/hidden.ts";
import { useNow } from "../ui/now.ts";
import { Panel } from "../ui/panel.tsx";
import { grouped, spoken } from "./grouped.ts";
import type { OpenSession } from "./sessions.ts";
import { useSessionState } from "./use.ts";

const useStyles = makeStyles({
  card: { alignItems: "start", rowGap: tokens.spacingVerticalM },
  code: {
    fontSize: "clamp(40px, 11vw, 88px)",
    lineHeight: 1.15,
    fontWeight: tokens.fontWeightSemibold,
    fontVariantNumeric: "tabular-nums",
    whiteSpace: "nowrap",
    margin: 0,
  },
  row: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalM, alignItems: "center" },
  hidden,
});

/** A code that waits: the digits, how long they are good, and what to say. */
export function CodePanel({ open }: { readonly open: OpenSession }) {
  const styles = useStyles();
  const { t } = useLingui();
  const { code, phase, attemptsLeft } = useSessionState(open.session);
  if (code === null) {
    return (
      <Spinner
        label={phase === "checking" ? t`Somebody typed the code. The security check runs…` : t`Getting a code…`}
      />
    );
  }
  const { digits } = code;
  return (
    <Panel className={styles.card} label={t`Code`}>
      <p className={styles.code} dir="ltr" data-code={digits}>
        <span aria-hidden>{grouped(digits)}</span>
        <span className={styles.hidden}>{spoken(digits)}</span>
      </p>
      <div className={styles.hidden} role="status">
        <Trans>The code is {spoken(digits)}</Trans>
      </div>
      <div className={styles.row}>
        <Copy digits={digits} />
        <Button onClick={() => open.session.leave()}>
          <Trans>Cancel the code</Trans>
        </Button>
        <Left until={code.expiresAt} />
      </div>
      <Body1>
        <Trans>
          Say: “Open Handrail and type this code.” The code works once. Read it out only to the person you want to help.
        </Trans>
      </Body1>
      {phase === "checking" && <Spinner size="tiny" label={t`Somebody typed the code. The security check runs…`} />}
      {attemptsLeft < 3 && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <Plural
              value={attemptsLeft}
              one="The code was mistyped. It can be tried # more time."
              other="The code was mistyped. It can be tried # more times."
            />
          </MessageBarBody>
        </MessageBar>
      )}
    </Panel>
  );
}

function Left({ until }: { readonly until: number }) {
  const format = useFormat();
  const now = useNow(1000);
  return (
    <Text role="timer" aria-live="off">
      <Trans>{format.clock(until - now)} left</Trans>
    </Text>
  );
}

function Copy({ digits }: { readonly digits: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(grouped(digits));
    setCopied(true);
  };
  return (
    <Button
      appearance="primary"
      icon={isCopied ? <CheckmarkRegular /> : <CopyRegular />}
      onClick={() => void copy().catch(() => setCopied(false))}
    >
      {isCopied ? <Trans>Copied</Trans> : <Trans>Copy the code</Trans>}
    </Button>
  );
}
