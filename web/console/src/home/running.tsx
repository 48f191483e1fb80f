import { Badge, makeStyles, tokens } from "@fluentui/react-components";
import { Trans } from "@lingui/react/macro";
import type { OpenSession } from "../session/sessions.ts";
import { useSessionList, useSessionState } from "../session/use.ts";
import { useFormat } from "../ui/format.ts";
import { Link } from "../ui/link.tsx";
import { useNow } from "../ui/now.ts";
import { Panel } from "../ui/panel.tsx";
import { useLevelName } from "../ui/words.ts";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "grid", rowGap: tokens.spacingVerticalS },
  row: { display: "flex", flexWrap: "wrap", columnGap: tokens.spacingHorizontalM, justifyContent: "space-between" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** Sessions and codes of this window. */
export function Running() {
  const styles = useStyles();
  const open = useSessionList().filter((one) => !one.isEnded);
  return (
    <Panel id="running" title={<Trans>Now in this window</Trans>}>
      {open.length === 0 ? (
        <span className={styles.quiet}>
          <Trans>No session, and no code that waits.</Trans>
        </span>
      ) : (
        <ul className={styles.list}>
          {open.map((one) => (
            <Row key={one.number} open={one} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Row({ open }: { readonly open: OpenSession }) {
  const styles = useStyles();
  const level = useLevelName();
  const format = useFormat();
  const now = useNow(1000);
  const { code, level: stands } = useSessionState(open.session);
  return (
    <li className={styles.row}>
      <Link to="/session/$number" params={{ number: String(open.number) }}>
        <Who open={open} />
      </Link>
      {code !== null && (
        <span className={styles.quiet}>
          <Trans>{format.clock(code.expiresAt - now)} left</Trans>
        </span>
      )}
      {stands !== null && (
        <Badge appearance="tint" color={stands === "view" ? "informative" : "warning"}>
          {level(stands)}
        </Badge>
      )}
    </li>
  );
}

function Who({ open }: { readonly open: OpenSession }) {
  const { card } = useSessionState(open.session);
  if (card !== null) return <bdi>{card.name}</bdi>;
  const { invitation } = open.about;
  return invitation === undefined ? (
    <Trans>Session {open.number}: code waits</Trans>
  ) : (
    <Trans>
      Joining <bdi>{invitation.sharer.name}</bdi>
    </Trans>
  );
}
