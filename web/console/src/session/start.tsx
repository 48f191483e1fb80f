import { Button, Caption1, Field, makeStyles, Radio, RadioGroup, Spinner, tokens } from "@fluentui/react-components";
import type { Level } from "@handrail/viewer";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Panel } from "../ui/panel.tsx";
import { TrustCard } from "../ui/person.tsx";
import { useLevelName } from "../ui/words.ts";
import { ComplianceWarning, isHeld } from "./compliance.tsx";
import { AnswerTime } from "./question.tsx";
import { useLevelReason } from "./reasons.ts";
import type { OpenSession } from "./sessions.ts";
import { useSessionState } from "./use.ts";

const useStyles = makeStyles({
  card: { rowGap: tokens.spacingVerticalL },
  row: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalM, alignItems: "center" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

const LEVELS: readonly Level[] = ["view", "control", "elevation", "unattended"];

/** After the two are paired: who the other one is, and which level to ask for. */
export function Start({ open }: { readonly open: OpenSession }) {
  const styles = useStyles();
  const { t } = useLingui();
  const { card, levels, question, compliance } = useSessionState(open.session);
  const [level, setLevel] = useState<Level>("view");
  const leave = (
    <Button onClick={() => open.session.leave()}>
      <Trans>Leave</Trans>
    </Button>
  );
  return (
    <Panel className={styles.card} label={t`Start`}>
      {card && <TrustCard card={card} heading="h2" />}
      <About open={open} />
      <ComplianceWarning open={open} />
      {question === null ? (
        <>
          <Field label={t`What do you want to do?`}>
            <RadioGroup
              value={level}
              onChange={(_, { value }) => setLevel(LEVELS.find((one) => one === value) ?? "view")}
            >
              {LEVELS.map((one) => (
                <Choice key={one} level={one} open={open} />
              ))}
            </RadioGroup>
          </Field>
          <div className={styles.row}>
            <Button
              appearance="primary"
              disabled={!levels.includes(level) || isHeld(compliance)}
              onClick={() => open.session.ask(level)}
            >
              <Trans>Ask the other person</Trans>
            </Button>
            {leave}
          </div>
        </>
      ) : (
        <div className={styles.row}>
          <Spinner size="tiny" label={t`Waiting for the answer…`} />
          <AnswerTime until={question.until} />
          {leave}
        </div>
      )}
    </Panel>
  );
}

function About({ open }: { readonly open: OpenSession }) {
  const { reason, incident } = open.about;
  if (reason === "" && incident === "") return null;
  return (
    <div>
      {reason !== "" && (
        <div>
          <Trans>
            Reason: <bdi>{reason}</bdi>
          </Trans>
        </div>
      )}
      {incident !== "" && (
        <div>
          <Trans>
            Incident: <bdi>{incident}</bdi>
          </Trans>
        </div>
      )}
    </div>
  );
}

function Choice({ level, open }: { readonly level: Level; readonly open: OpenSession }) {
  const styles = useStyles();
  const { t } = useLingui();
  const name = useLevelName();
  const reason = useLevelReason(open, level);
  const does =
    level === "view"
      ? t`You see the screen and can point at things.`
      : t`You also use mouse and keyboard. The other person can stop it at any time.`;
  const label = (
    <>
      {name(level)}
      <br />
      <Caption1 className={styles.quiet}>{reason ?? does}</Caption1>
    </>
  );
  return <Radio value={level} disabled={reason !== null} label={label} />;
}
