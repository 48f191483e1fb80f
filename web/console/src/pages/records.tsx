import { Body1, Button, Spinner } from "@fluentui/react-components";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { records as recordsQuery } from "../api/queries.ts";
import { queryOf, type Search } from "../records/filter.ts";
import { Filters } from "../records/filters.tsx";
import { RecordTable } from "../records/table.tsx";
import { useMe } from "../sign-in/guard.tsx";
import { Failure } from "../ui/failure.tsx";
import { Page } from "../ui/page.tsx";

/** Session records of the last 30 days. */
export function RecordsPage() {
  const { t } = useLingui();
  const { may } = useMe();
  const search = useSearch({ from: "/own/sessions" });
  const navigate = useNavigate();
  const change = (next: Search) => void navigate({ to: "/sessions", search: next, replace: true });
  const found = useInfiniteQuery({ ...recordsQuery(queryOf(search)), placeholderData: keepPreviousData });
  const records = found.data?.pages.flatMap((page) => page.records) ?? [];
  const order = { sort: search.sort ?? "started", ascending: search.ascending ?? false };
  return (
    <Page title={may.all_records ? t`Session records` : t`My session records`}>
      <Filters search={search} change={change} all={may.all_records} />
      {found.isError && <Failure error={found.error} retry={found.refetch} />}
      {found.isPending && <Spinner label={t`Loading…`} />}
      {found.data !== undefined && (
        <>
          <Body1 role="status">
            {records.length === 0 ? (
              <Trans>No records. They are kept for 30 days.</Trans>
            ) : (
              <Plural value={records.length} one="# record" other="# records" />
            )}
            {found.hasNextPage && " +"}
          </Body1>
          {records.length > 0 && (
            <RecordTable
              label={t`Records`}
              records={records}
              order={order}
              reorder={(next) => change({ ...search, ...next })}
            />
          )}
        </>
      )}
      {found.hasNextPage && (
        <div>
          <Button onClick={() => void found.fetchNextPage()} disabled={found.isFetchingNextPage}>
            <Trans>Show more</Trans>
          </Button>
        </div>
      )}
    </Page>
  );
}
