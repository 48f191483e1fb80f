import {
  Body1,
  Button,
  Field,
  Input,
  MessageBar,
  MessageBarBody,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { FaultText } from "../fault/fault.tsx";
import { useSessions } from "../session/use.ts";
import { useMe } from "../sign-in/guard.tsx";
import { Panel } from "../ui/panel.tsx";

const useStyles = makeStyles({
  form: { display: "grid", rowGap: tokens.spacingVerticalM },
  start: { justifySelf: "start" },
});

/** Bytes that the relay takes (protocol/SPEC.md 16). */
const MOST = { reason: 500, incident: 100 };

/** Starts a session: what for, then a code. */
export function GiveHelp() {
  const styles = useStyles();
  const { t } = useLingui();
  const { may } = useMe();
  const sessions = useSessions();
  const navigate = useNavigate();
  const [reason, setReason] = useState("");
  const [incident, setIncident] = useState("");
  const why = whyNot(may);
  const isLong = { reason: isLonger(reason, MOST.reason), incident: isLonger(incident, MOST.incident) };
  const tooLong = (is: boolean) => (is ? { validationMessage: t`This is too long.` } : {});
  const start = (event: FormEvent) => {
    event.preventDefault();
    if (why !== null || isLong.reason || isLong.incident) return;
    const { number } = sessions.start({ reason: reason.trim(), incident: incident.trim() });
    void navigate({ to: "/session/$number", params: { number: String(number) } });
  };
  return (
    <Panel label={t`New session`}>
      <form className={styles.form} onSubmit={start}>
        <Body1>
          <Trans>
            You get a code of 8 digits. The other person types it in Handrail, and sees who you are before anything is
            shared.
          </Trans>
        </Body1>
        {why !== null && (
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>
              <FaultText fault={why} />
            </MessageBarBody>
          </MessageBar>
        )}
        <Field
          label={t`Reason (optional)`}
          hint={t`The other person reads it, and it stands in the record.`}
          {...tooLong(isLong.reason)}
        >
          <Input value={reason} dir="auto" onChange={(_, { value }) => setReason(value)} />
        </Field>
        <Field label={t`Incident (optional)`} hint={t`Such as the number of a ticket.`} {...tooLong(isLong.incident)}>
          <Input value={incident} dir="auto" onChange={(_, { value }) => setIncident(value)} />
        </Field>
        <Button type="submit" appearance="primary" size="large" className={styles.start} disabled={why !== null}>
          <Trans>Create a code</Trans>
        </Button>
      </form>
    </Panel>
  );
}

function whyNot(may: { readonly enabled: boolean; readonly offer: boolean }) {
  if (!may.enabled) return { code: "RH-1201", text: "" };
  return may.offer ? null : { code: "RH-1202", text: "" };
}

function isLonger(text: string, bytes: number): boolean {
  return new TextEncoder().encode(text.trim()).length > bytes;
}
