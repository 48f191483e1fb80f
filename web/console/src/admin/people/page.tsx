import { Badge, makeStyles, tokens } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { useFormat } from "../../ui/format.ts";
import { Link } from "../../ui/link.tsx";
import { Page } from "../../ui/page.tsx";
import { Needs } from "../needs.tsx";
import { PAGES } from "../permissions.ts";
import { type Person, people } from "../queries.ts";
import { Empty } from "../ui/empty.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { More } from "../ui/more.tsx";
import { Search } from "../ui/search.tsx";
import { Table } from "../ui/table.tsx";
import { useNames } from "../words.ts";

const useStyles = makeStyles({
  quiet: { color: tokens.colorNeutralForeground2, fontWeight: tokens.fontWeightRegular },
});

/** Everybody whom the relay knows. */
export function PeoplePage() {
  const { t } = useLingui();
  const { search = "" } = useSearch({ from: "/own/admin/people" });
  const navigate = useNavigate();
  const change = useCallback(
    (text: string) =>
      void navigate({ to: "/admin/people", search: text === "" ? {} : { search: text }, replace: true }),
    [navigate],
  );
  const query = useInfiniteQuery({ ...people(search), placeholderData: keepPreviousData });
  const rows = query.data?.pages.flatMap((page) => page.people) ?? [];
  return (
    <Needs title={t`People`} any={PAGES["/admin/people"]}>
      <Page
        title={t`People`}
        lead={
          <Trans>Everybody who signed in once, and whoever SCIM brought. They are changed where they come from.</Trans>
        }
      >
        <search>
          <Search label={t`Name, user name or e-mail address begin with`} value={search} change={change} />
        </search>
        <Loaded query={query}>
          {() => (rows.length === 0 ? <Nobody isSearch={search !== ""} /> : <Rows rows={rows} />)}
        </Loaded>
        {rows.length > 0 && <More shown={rows.length} query={query} />}
      </Page>
    </Needs>
  );
}

function Nobody({ isSearch }: { readonly isSearch: boolean }) {
  const { t } = useLingui();
  return isSearch ? (
    <Empty title={t`Nobody is called like this`}>
      <Trans>Names are searched from their beginning. Try the family name, the user name or the e-mail address.</Trans>
    </Empty>
  ) : (
    <Empty title={t`Nobody is known yet`}>
      <Trans>People appear when they sign in for the first time, or when SCIM brings them.</Trans>
    </Empty>
  );
}

function Rows({ rows }: { readonly rows: readonly Person[] }) {
  const styles = useStyles();
  const { t } = useLingui();
  const format = useFormat();
  const names = useNames();
  const columns = [
    {
      head: t`Name`,
      cell: ({ id, name, title }: Person) => (
        <>
          <Link to="/admin/people/$id" params={{ id }}>
            <bdi>{name}</bdi>
          </Link>
          {title !== "" && (
            <div className={styles.quiet}>
              <bdi>{title}</bdi>
            </div>
          )}
        </>
      ),
    },
    { head: t`User name or e-mail`, cell: (one: Person) => <bdi>{one.email || one.user_name || one.id}</bdi> },
    { head: t`State`, cell: ({ active }: Person) => <PersonState active={active} /> },
    { head: t`Source`, cell: ({ source }: Person) => names.source(source) },
    {
      head: t`Last seen`,
      cell: ({ last_seen: seen }: Person) => (seen === null ? <Trans>Never</Trans> : format.date(seen)),
    },
  ];
  return <Table label={t`People`} columns={columns} rows={rows} id={({ id }) => id} />;
}

/** Whether a person may sign in. */
export function PersonState({ active }: { readonly active: boolean }) {
  return active ? (
    <Badge appearance="tint" color="success">
      <Trans>May sign in</Trans>
    </Badge>
  ) : (
    <Badge appearance="tint" color="danger">
      <Trans>Shut out</Trans>
    </Badge>
  );
}
