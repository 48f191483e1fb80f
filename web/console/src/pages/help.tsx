import { makeStyles, tokens } from "@fluentui/react-components";
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { SENTENCES } from "../fault/sentences.ts";
import { Link } from "../ui/link.tsx";
import { Page } from "../ui/page.tsx";
import { Panel } from "../ui/panel.tsx";

const useStyles = makeStyles({
  list: {
    display: "grid",
    gridTemplateColumns: "max-content minmax(0, 1fr)",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalXS,
    margin: 0,
    "& dd": { margin: 0 },
    "@media (max-width: 480px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
});

const SHORTCUTS: readonly (readonly [string, MessageDescriptor])[] = [
  ["Ctrl+Alt+Shift", msg`Leaves the other computer: the focus goes to the toolbar`],
  ["Ctrl+Alt+F", msg`Full screen, and back`],
  ["Ctrl+Alt+C", msg`Chat`],
  ["Ctrl+Alt+V", msg`Asks for control, or goes back to view`],
  ["Ctrl+Alt+L", msg`Laser pointer on and off`],
  ["Ctrl+Alt+1 … 9", msg`Shows this monitor`],
  ["Ctrl+Alt+End", msg`Sends Ctrl+Alt+Del`],
  ["?", msg`This list (outside a session's screen)`],
];

/** Shortcuts, and the list of what can go wrong. */
export function HelpPage() {
  const styles = useStyles();
  const { i18n, t } = useLingui();
  return (
    <Page title={t`Help`}>
      <Panel id="shortcuts" title={<Trans>Keyboard shortcuts in a session</Trans>}>
        <dl className={styles.list}>
          {SHORTCUTS.map(([keys, does]) => (
            <Row key={keys} keys={keys} does={i18n._(does)} />
          ))}
        </dl>
      </Panel>
      <Panel id="messages" title={<Trans>Messages by number</Trans>}>
        <dl className={styles.list}>
          {Object.entries(SENTENCES).map(([code, sentence]) => (
            <Fault key={code} code={code} sentence={i18n._(sentence)} />
          ))}
        </dl>
      </Panel>
    </Page>
  );
}

function Row({ keys, does }: { readonly keys: string; readonly does: string }) {
  return (
    <>
      <dt>
        <kbd dir="ltr">{keys}</kbd>
      </dt>
      <dd>{does}</dd>
    </>
  );
}

function Fault({ code, sentence }: { readonly code: string; readonly sentence: string }) {
  return (
    <>
      <dt>
        <Link to="/help/$code" params={{ code }}>
          {code}
        </Link>
      </dt>
      <dd>{sentence}</dd>
    </>
  );
}
