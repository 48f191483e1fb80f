import { makeStyles, tokens } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { newest } from "../api/queries.ts";
import { GiveHelp } from "../home/give-help.tsx";
import { Invitations } from "../home/invitations.tsx";
import { Running } from "../home/running.tsx";
import { useFormat } from "../ui/format.ts";
import { Link } from "../ui/link.tsx";
import { Page } from "../ui/page.tsx";
import { Panel } from "../ui/panel.tsx";
import { useLevelName } from "../ui/words.ts";

const useStyles = makeStyles({
  columns: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr) minmax(0, 1fr)",
    gap: tokens.spacingHorizontalXL,
    alignItems: "start",
    "@media (max-width: 800px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  column: { display: "grid", gap: tokens.spacingHorizontalXL },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "grid", rowGap: tokens.spacingVerticalS },
  row: { display: "flex", flexWrap: "wrap", columnGap: tokens.spacingHorizontalM, justifyContent: "space-between" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** Where a helper begins. */
export function HomePage() {
  const styles = useStyles();
  const { t } = useLingui();
  return (
    <Page title={t`Give help`}>
      <Invitations />
      <div className={styles.columns}>
        <GiveHelp />
        <div className={styles.column}>
          <Running />
          <Recent />
        </div>
      </div>
    </Page>
  );
}

const SHOWN = 5;

function Recent() {
  const styles = useStyles();
  const format = useFormat();
  const level = useLevelName();
  const { data } = useQuery(newest(SHOWN));
  return (
    <Panel id="recent" title={<Trans>My last sessions</Trans>}>
      {data?.records.length === 0 && (
        <span className={styles.quiet}>
          <Trans>None in the last 30 days.</Trans>
        </span>
      )}
      <ul className={styles.list}>
        {data?.records.map((record) => (
          <li key={`${record.session} ${record.pair}`} className={styles.row}>
            <bdi>{record.sharer?.name ?? "--"}</bdi>
            <span className={styles.quiet}>
              {level(record.highest)} · {format.date(record.started)}
            </span>
          </li>
        ))}
      </ul>
      <Link to="/sessions" search={{}}>
        <Trans>All records</Trans>
      </Link>
    </Panel>
  );
}
