import { Badge, Field, makeStyles, Select, tokens } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { useFormat } from "../../ui/format.ts";
import { Link } from "../../ui/link.tsx";
import { Page } from "../../ui/page.tsx";
import { Needs } from "../needs.tsx";
import { PAGES } from "../permissions.ts";
import { type Device, devices } from "../queries.ts";
import { DEVICE_STATES, type DeviceSearch } from "../search.ts";
import { ButtonLink } from "../ui/button-link.tsx";
import { Empty } from "../ui/empty.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { More } from "../ui/more.tsx";
import { PersonName } from "../ui/person-name.tsx";
import { Search } from "../ui/search.tsx";
import { Table } from "../ui/table.tsx";
import { useNames } from "../words.ts";

const useStyles = makeStyles({
  row: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalM, alignItems: "end" },
});

/** Every device that was seen. */
export function DevicesPage() {
  const { t } = useLingui();
  const search = useSearch({ from: "/own/admin/devices" });
  const query = useInfiniteQuery({ ...devices(search), placeholderData: keepPreviousData });
  const rows = query.data?.pages.flatMap((page) => page.devices) ?? [];
  return (
    <Needs title={t`Devices`} any={PAGES["/admin/devices"]}>
      <Page
        title={t`Devices`}
        lead={
          <Trans>
            A device appears when somebody signs in on it in the sharer's program. Enrol those that are yours.
          </Trans>
        }
      >
        <Filters search={search} />
        <Loaded query={query}>
          {() => (rows.length === 0 ? <Nothing isSearch={Object.keys(search).length > 0} /> : <Rows rows={rows} />)}
        </Loaded>
        {rows.length > 0 && <More shown={rows.length} query={query} />}
      </Page>
    </Needs>
  );
}

function Filters({ search }: { readonly search: DeviceSearch }) {
  const styles = useStyles();
  const { t } = useLingui();
  const names = useNames();
  const navigate = useNavigate({ from: "/admin/devices" });
  const put = useCallback(
    (part: { [name in keyof DeviceSearch]: string }) =>
      void navigate({
        to: "/admin/devices",
        search: (before) => {
          const all = Object.entries({ ...before, ...part }).filter(([, value]) => value !== "");
          return Object.fromEntries(all) as DeviceSearch;
        },
        replace: true,
      }),
    [navigate],
  );
  const begin = useCallback((text: string) => put({ search: text }), [put]);
  return (
    <search className={styles.row}>
      <Search label={t`The name begins with`} value={search.search ?? ""} change={begin} />
      <Field label={t`State`}>
        <Select value={search.state ?? ""} onChange={(_, { value }) => put({ state: value })}>
          <option value="">{t`All states`}</option>
          {DEVICE_STATES.map((one) => (
            <option key={one} value={one}>
              {names.deviceState(one)}
            </option>
          ))}
        </Select>
      </Field>
      {search.user !== undefined && (
        <ButtonLink to="/admin/devices" search={{}}>
          <Trans>
            Only of <PersonName id={search.user} />: show all
          </Trans>
        </ButtonLink>
      )}
    </search>
  );
}

function Nothing({ isSearch }: { readonly isSearch: boolean }) {
  const { t } = useLingui();
  return isSearch ? (
    <Empty title={t`No device fits`}>
      <Trans>Names are searched from their beginning.</Trans>
    </Empty>
  ) : (
    <Empty title={t`No device was seen yet`}>
      <Trans>Give people the enrolment link of the set-up page; their device appears when they sign in.</Trans>
    </Empty>
  );
}

function Rows({ rows }: { readonly rows: readonly Device[] }) {
  const { t } = useLingui();
  const format = useFormat();
  const names = useNames();
  const columns = [
    {
      head: t`Device`,
      cell: ({ id, name }: Device) => (
        <Link to="/admin/devices/$id" params={{ id }}>
          <bdi>{name}</bdi>
        </Link>
      ),
    },
    {
      head: t`Signed in last`,
      cell: ({ user }: Device) => (user === null ? "–" : <PersonName id={user} />),
    },
    { head: t`State`, cell: ({ state }: Device) => <DeviceState state={state} /> },
    { head: t`Compliance`, cell: ({ compliance }: Device) => <ComplianceState state={compliance} /> },
    { head: t`System`, cell: ({ platform }: Device) => <bdi>{platform}</bdi> },
    { head: t`Last seen`, cell: ({ last_seen: seen }: Device) => format.date(seen) },
  ];
  return <Table label={names.kind("device")} columns={columns} rows={rows} id={({ id }) => id} />;
}

const STATES = { enrolled: "success", retired: "informative" } as const;
const COMPLIANCE = { compliant: "success", not_compliant: "danger", stale: "warning" } as const;

/** Whether a device belongs to the organisation. */
export function DeviceState({ state }: { readonly state: string }) {
  const names = useNames();
  const color = new Map<string, "success" | "informative">(Object.entries(STATES)).get(state) ?? "subtle";
  return (
    <Badge appearance="tint" color={color}>
      {names.deviceState(state)}
    </Badge>
  );
}

/** What is known of a device's state. */
export function ComplianceState({ state }: { readonly state: string }) {
  const names = useNames();
  const color = new Map<string, "success" | "danger" | "warning">(Object.entries(COMPLIANCE)).get(state) ?? "subtle";
  return (
    <Badge appearance="tint" color={color}>
      {names.compliance(state)}
    </Badge>
  );
}
