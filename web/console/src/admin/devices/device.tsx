import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { answered, api } from "../../api/client.ts";
import { useFormat } from "../../ui/format.ts";
import { Link } from "../../ui/link.tsx";
import { Page } from "../../ui/page.tsx";
import { Panel } from "../../ui/panel.tsx";
import { useChange } from "../change.ts";
import { Needs, useHeld } from "../needs.tsx";
import { PAGES } from "../permissions.ts";
import { type Device, device } from "../queries.ts";
import { useTell } from "../told.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { Facts } from "../ui/facts.tsx";
import { Failed } from "../ui/failed.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { PersonName } from "../ui/person-name.tsx";
import { GroupPicker } from "../ui/picker.tsx";
import { ComplianceState, DeviceState } from "./page.tsx";

const useStyles = makeStyles({
  quiet: { color: tokens.colorNeutralForeground2 },
  row: { display: "flex", gap: tokens.spacingHorizontalM, alignItems: "center" },
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL },
});

/** One device: its state, and what is done with it. */
export function DevicePage() {
  const { t } = useLingui();
  const { id } = useParams({ from: "/own/admin/devices/$id" });
  const mayChange = useHeld().includes("directory");
  const query = useQuery(device(id));
  const name = query.data?.name ?? t`Device`;
  return (
    <Needs title={t`Device`} any={PAGES["/admin/devices"]}>
      <Page title={name} action={mayChange && query.data !== undefined && <Actions one={query.data} />}>
        <Loaded query={query}>
          {(one) => (
            <>
              <About one={one} />
              <Compliance one={one} />
              {one.state === "enrolled" && mayChange && <Groups key={one.groups.join()} one={one} />}
            </>
          )}
        </Loaded>
      </Page>
    </Needs>
  );
}

function Actions({ one }: { readonly one: Device }) {
  const { t } = useLingui();
  const tell = useTell();
  const [isAsked, setAsked] = useState(false);
  const { id, name, state } = one;
  const path = { params: { path: { id } } };
  const at = `/admin/devices/${id}`;
  const enrol = useChange(
    () => answered(api.POST("/api/v1/devices/{id}/enrol", path)),
    () => tell({ text: t`The device is enrolled.`, at }),
  );
  const retire = useChange(
    () => answered(api.POST("/api/v1/devices/{id}/retire", path)),
    () => {
      setAsked(false);
      tell({ text: t`The device is retired.`, at });
    },
  );
  if (state !== "enrolled") {
    return (
      <>
        <Button appearance="primary" disabled={enrol.isPending} onClick={() => enrol.mutate(undefined)}>
          <Trans>Enrol</Trans>
        </Button>
        {enrol.error !== null && <Failed error={enrol.error} />}
      </>
    );
  }
  return (
    <>
      <Button onClick={() => setAsked(true)}>
        <Trans>Retire</Trans>
      </Button>
      {isAsked && (
        <Confirm
          title={
            <Trans>
              Retire the device <bdi>{name}</bdi>?
            </Trans>
          }
          act={<Trans>Retire</Trans>}
          danger
          change={retire}
          confirm={() => retire.mutate(undefined)}
          close={() => setAsked(false)}
        >
          <Trans>
            It leaves all its groups and counts as not enrolled. What assignments allow for it ends at once. It can be
            enrolled again.
          </Trans>
        </Confirm>
      )}
    </>
  );
}

function About({ one }: { readonly one: Device }) {
  const { t } = useLingui();
  const format = useFormat();
  const enrolled = one.enrolled_at === null ? "–" : format.date(one.enrolled_at);
  return (
    <Panel title={<Trans>Device</Trans>}>
      <Facts
        facts={[
          [t`State`, <DeviceState key="state" state={one.state} />],
          [t`Signed in last`, one.user === null ? "–" : <User key="user" id={one.user} />],
          [t`System`, <bdi key="platform">{one.platform}</bdi>],
          [t`Last seen`, format.date(one.last_seen)],
          [t`Enrolled`, enrolled],
          [t`Enrolled by`, one.enrolled_by === null ? "–" : <PersonName key="by" id={one.enrolled_by} />],
          [
            t`Id`,
            <code key="id" dir="ltr">
              {one.id}
            </code>,
          ],
        ]}
      />
    </Panel>
  );
}

function User({ id }: { readonly id: string }) {
  return (
    <Link to="/admin/people/$id" params={{ id }}>
      <PersonName id={id} />
    </Link>
  );
}

function Compliance({ one }: { readonly one: Device }) {
  const styles = useStyles();
  const format = useFormat();
  const reported = one.reported_at === null ? null : format.date(one.reported_at);
  return (
    <Panel title={<Trans>Compliance</Trans>}>
      <div>
        <ComplianceState state={one.compliance} />
      </div>
      <span className={styles.quiet}>
        {reported === null ? (
          <Trans>Nobody reported on this device yet.</Trans>
        ) : (
          <Trans>The last report is of {reported}.</Trans>
        )}
      </span>
      {one.reasons.length > 0 && (
        <ul className={styles.list}>
          {one.reasons.map(({ code, text }) => (
            <li key={code}>
              <bdi>{text}</bdi> (<code dir="ltr">{code}</code>)
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Groups({ one }: { readonly one: Device }) {
  const styles = useStyles();
  const { t } = useLingui();
  const tell = useTell();
  const { id } = one;
  const [chosen, setChosen] = useState<readonly string[]>(one.groups);
  const isDirty = chosen.join() !== one.groups.join();
  const change = useChange(
    (groups: readonly string[]) =>
      answered(api.PUT("/api/v1/devices/{id}/groups", { params: { path: { id } }, body: { groups: [...groups] } })),
    () => tell({ text: t`The groups of the device are saved.`, at: `/admin/devices/${id}` }),
  );
  return (
    <Panel title={<Trans>Groups</Trans>}>
      <GroupPicker
        kind="devices"
        label={t`Groups of this device`}
        hint={t`Assignments and rules that cover a group hold for the device as soon as you save.`}
        chosen={chosen}
        choose={setChosen}
      />
      {change.error !== null && <Failed error={change.error} />}
      <div className={styles.row}>
        <Button appearance="primary" disabled={!isDirty || change.isPending} onClick={() => change.mutate(chosen)}>
          <Trans>Save the groups</Trans>
        </Button>
      </div>
    </Panel>
  );
}
