import { Button, makeStyles, Spinner } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { Panel } from "../ui/panel.tsx";
import type { OpenSession } from "./sessions.ts";

const useStyles = makeStyles({ panel: { alignItems: "start" } });

interface Props {
  readonly open: OpenSession;
  /** Who is helped there, as the colleague's invitation says. */
  readonly name: string;
}

/** An invitation was accepted, and the two are being connected. */
export function Joining({ open, name }: Props) {
  const styles = useStyles();
  const { t } = useLingui();
  return (
    <Panel className={styles.panel} label={t`Invitation`}>
      <Spinner size="small" label={t`Joining the session with ${name}…`} />
      <Button onClick={() => open.session.leave()}>
        <Trans>Cancel</Trans>
      </Button>
    </Panel>
  );
}
