import { Body1, Spinner, Switch } from "@fluentui/react-components";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { monitor as monitorQuery } from "../api/queries.ts";
import { FaultText } from "../fault/fault.tsx";
import { DayChart } from "../monitor/chart.tsx";
import { DayTable } from "../monitor/days.tsx";
import { RecordTable } from "../records/table.tsx";
import { useMe } from "../sign-in/guard.tsx";
import { Failure } from "../ui/failure.tsx";
import { Page } from "../ui/page.tsx";
import { Panel } from "../ui/panel.tsx";

/** Sessions now, and of the last 30 days without persons. */
export function MonitorPage() {
  const { t } = useLingui();
  const { may } = useMe();
  return (
    <Page title={t`Monitor`}>
      {may.all_records ? <Monitor /> : <FaultText fault={{ code: "RH-1205", text: "" }} />}
    </Page>
  );
}

function Monitor() {
  const { t } = useLingui();
  const [isTable, setTable] = useState(false);
  const { data, error, refetch } = useQuery(monitorQuery);
  if (data === undefined) {
    return error === null ? <Spinner label={t`Loading…`} /> : <Failure error={error} retry={refetch} />;
  }
  return (
    <>
      {error !== null && <Failure error={error} />}
      <Panel id="now" title={<Trans>Now</Trans>}>
        <Body1 role="status">
          {data.active.length === 0 ? (
            <Trans>No session goes on.</Trans>
          ) : (
            <Plural value={data.active.length} one="# session goes on." other="# sessions go on." />
          )}
        </Body1>
        {data.active.length > 0 && <RecordTable label={t`Sessions that go on`} records={data.active} />}
      </Panel>
      <Panel
        id="days"
        title={<Trans>The last 30 days</Trans>}
        beside={<Switch label={t`As a table`} checked={isTable} onChange={(_, { checked }) => setTable(checked)} />}
      >
        {isTable ? <DayTable days={data.days} /> : <DayChart days={data.days} />}
      </Panel>
    </>
  );
}
