import { Button, Field, makeStyles, Select, tokens } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useFormat } from "../../ui/format.ts";
import { Page } from "../../ui/page.tsx";
import { Needs } from "../needs.tsx";
import { PAGES } from "../permissions.ts";
import { audit, type Change } from "../queries.ts";
import { ACTIONS, type AuditSearch, KINDS } from "../search.ts";
import { Empty } from "../ui/empty.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { More } from "../ui/more.tsx";
import { Table } from "../ui/table.tsx";
import { useNames } from "../words.ts";
import { Differences } from "./differences.tsx";

const useStyles = makeStyles({
  row: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalM, alignItems: "end" },
  when: { fontWeight: tokens.fontWeightRegular, whiteSpace: "nowrap" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** Who changed what. */
export function AuditPage() {
  const { t } = useLingui();
  const search = useSearch({ from: "/own/admin/audit" });
  const query = useInfiniteQuery({ ...audit(search), placeholderData: keepPreviousData });
  const rows = query.data?.pages.flatMap((page) => page.changes) ?? [];
  const actors = [...new Map(rows.map(({ actor }) => [actor.id, actor.name]))];
  return (
    <Needs title={t`Audit log`} any={PAGES["/admin/audit"]}>
      <Page
        title={t`Audit log`}
        lead={
          <Trans>Every change of an administrator, newest first. It is kept for a year; nobody can delete it.</Trans>
        }
      >
        <Filters search={search} actors={actors} />
        <Loaded query={query}>
          {() =>
            rows.length === 0 ? (
              <Empty title={t`No change fits`}>
                <Trans>Clear the filter to see all changes.</Trans>
              </Empty>
            ) : (
              <Changes rows={rows} />
            )
          }
        </Loaded>
        {rows.length > 0 && <More shown={rows.length} query={query} />}
      </Page>
    </Needs>
  );
}

interface FilterProps {
  readonly search: AuditSearch;
  /** Who stands in what is shown. */
  readonly actors: readonly (readonly [string, string])[];
}

function Filters({ search, actors }: FilterProps) {
  const styles = useStyles();
  const { t } = useLingui();
  const names = useNames();
  const navigate = useNavigate();
  const put = (part: AuditSearch) => {
    const all = Object.entries({ ...search, ...part }).filter(([, value]) => value !== "");
    void navigate({ to: "/admin/audit", search: Object.fromEntries(all), replace: true });
  };
  const isKnown = search.actor === undefined || actors.some(([id]) => id === search.actor);
  return (
    <search className={styles.row} aria-label={t`Filter`}>
      <Field label={t`Kind`}>
        <Select value={search.kind ?? ""} onChange={(_, { value }) => put({ kind: value })}>
          <option value="">{t`All kinds`}</option>
          {KINDS.map((one) => (
            <option key={one} value={one}>
              {names.kind(one)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t`What was done`}>
        <Select value={search.action ?? ""} onChange={(_, { value }) => put({ action: value })}>
          <option value="">{t`Everything`}</option>
          {ACTIONS.map((one) => (
            <option key={one} value={one}>
              {names.deed(one)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t`By whom`}>
        <Select value={search.actor ?? ""} onChange={(_, { value }) => put({ actor: value })}>
          <option value="">{t`Everybody`}</option>
          {!isKnown && <option value={search.actor}>{search.actor}</option>}
          {actors.map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      {Object.keys(search).length > 0 && (
        <Button onClick={() => void navigate({ to: "/admin/audit", search: {}, replace: true })}>
          <Trans>Clear the filter</Trans>
        </Button>
      )}
    </search>
  );
}

function Changes({ rows }: { readonly rows: readonly Change[] }) {
  const styles = useStyles();
  const { t } = useLingui();
  const format = useFormat();
  const names = useNames();
  const columns = [
    { head: t`When`, cell: ({ at }: Change) => <span className={styles.when}>{format.date(at)}</span> },
    {
      head: t`By whom`,
      cell: ({ actor, source }: Change) => (
        <>
          <bdi>{actor.name}</bdi>
          {source !== null && (
            <div className={styles.quiet}>
              <bdi dir="ltr">{source}</bdi>
            </div>
          )}
        </>
      ),
    },
    {
      head: t`What`,
      cell: ({ kind, action, name, object }: Change) => (
        <>
          <div className={styles.quiet}>{t`${names.kind(kind)}: ${names.deed(action)}`}</div>
          <div>
            <bdi>{name || object}</bdi>
          </div>
        </>
      ),
    },
    { head: t`Changes`, cell: ({ before, after }: Change) => <Differences before={before} after={after} /> },
  ];
  return <Table label={t`Changes`} columns={columns} rows={rows} id={({ id }) => String(id)} />;
}
