import { Button, makeStyles, Switch, tokens } from "@fluentui/react-components";
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answered, api } from "../../api/client.ts";
import { Page } from "../../ui/page.tsx";
import { Panel } from "../../ui/panel.tsx";
import { useChange } from "../change.ts";
import { Needs } from "../needs.tsx";
import { PAGES } from "../permissions.ts";
import { type Settings, settings } from "../queries.ts";
import { useTell } from "../told.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { useLeaving } from "../ui/editor.tsx";
import { Failed } from "../ui/failed.tsx";
import { Loaded } from "../ui/loaded.tsx";

const useStyles = makeStyles({
  panel: { maxWidth: "760px" },
  form: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL },
  line: { display: "flex", flexDirection: "column" },
  quiet: { color: tokens.colorNeutralForeground2, paddingInlineStart: "56px" },
  row: { display: "flex", gap: tokens.spacingHorizontalM, alignItems: "center" },
});

type Name = keyof Settings;

const SWITCHES: readonly (readonly [Name, MessageDescriptor, MessageDescriptor])[] = [
  ["enabled", msg`Remote help`, msg`When it is off, nobody can start a session, and those that go on end at once.`],
  [
    "allow_unenrolled",
    msg`Devices that are not enrolled`,
    msg`When it is on, people may be helped on private and unknown devices, too.`,
  ],
  ["chat", msg`Chat`, msg`When it is off, the two cannot write to each other during a session.`],
  [
    "require_reason",
    msg`A reason is required`,
    msg`Helpers say why before they get a code. The other person reads it.`,
  ],
  [
    "require_incident",
    msg`An incident number is required`,
    msg`Helpers name an incident before they get a code. It stands in the record.`,
  ],
  [
    "scripted_consent",
    msg`Programs may consent`,
    msg`A consent counts even if a program gave it and no person. Meant for tests and kiosks.`,
  ],
];

/** The switches of the organisation. */
export function SettingsPage() {
  const { t } = useLingui();
  return (
    <Needs title={t`Settings`} any={PAGES["/admin/settings"]}>
      <Page
        title={t`Settings`}
        lead={<Trans>They hold for the whole organisation, from the moment when you save them.</Trans>}
      >
        <Switches />
      </Page>
    </Needs>
  );
}

function Switches() {
  const query = useQuery({ ...settings, refetchOnWindowFocus: false });
  return <Loaded query={query}>{(now) => <Form key={JSON.stringify(now)} now={now} />}</Loaded>;
}

function Form({ now }: { readonly now: Settings }) {
  const styles = useStyles();
  const { i18n, t } = useLingui();
  const client = useQueryClient();
  const tell = useTell();
  const [draft, setDraft] = useState(now);
  const [isAsked, setAsked] = useState(false);
  const isDirty = JSON.stringify(draft) !== JSON.stringify(now);
  const leaving = useLeaving(isDirty);
  const change = useChange(
    (body: Settings) => answered(api.PUT("/api/v1/settings", { body })),
    (kept) => {
      setAsked(false);
      client.setQueryData(settings.queryKey, kept);
      tell({ text: t`The settings are saved.`, at: "/admin/settings" });
    },
  );
  const turnsOff = now.enabled && !draft.enabled;
  const letsPrograms = !now.scripted_consent && draft.scripted_consent;
  const save = () => (turnsOff || letsPrograms ? setAsked(true) : change.mutate(draft));
  return (
    <Panel label={t`Switches`} className={styles.panel}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        {SWITCHES.map(([name, label, hint]) => (
          <div key={name} className={styles.line}>
            <Switch
              label={i18n._(label)}
              aria-describedby={`hint-${name}`}
              checked={draft[name]}
              onChange={(_, { checked }) => setDraft({ ...draft, [name]: checked })}
            />
            <span id={`hint-${name}`} className={styles.quiet}>
              {i18n._(hint)}
            </span>
          </div>
        ))}
        {change.error !== null && !isAsked && <Failed error={change.error} />}
        <div className={styles.row}>
          <Button type="submit" appearance="primary" disabled={!isDirty || change.isPending}>
            <Trans>Save</Trans>
          </Button>
          <Button disabled={!isDirty} onClick={() => setDraft(now)}>
            <Trans>Undo the changes</Trans>
          </Button>
        </div>
      </form>
      {leaving.question}
      {isAsked && (
        <Confirm
          title={turnsOff ? <Trans>Turn remote help off?</Trans> : <Trans>Let programs consent?</Trans>}
          act={turnsOff ? <Trans>Turn off</Trans> : <Trans>Let them</Trans>}
          danger
          change={change}
          confirm={() => change.mutate(draft)}
          close={() => setAsked(false)}
        >
          {turnsOff && (
            <span>
              <Trans>All sessions that go on end at once, in the middle of what people do. No new one can start.</Trans>
            </span>
          )}
          {letsPrograms && (
            <span>
              <Trans>
                From now on a program on somebody's computer can agree to a session in their place. A person may be
                looked at without having been asked. Sessions that go on stay as they are.
              </Trans>
            </span>
          )}
        </Confirm>
      )}
    </Panel>
  );
}
