import { makeStyles, tokens } from "@fluentui/react-components";
import { Plural, Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import type { Coverage } from "../queries.ts";
import { useNames } from "../words.ts";

const useStyles = makeStyles({
  all: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(200px, 1fr))",
    gap: tokens.spacingHorizontalL,
    margin: 0,
    "& dt": { color: tokens.colorNeutralForeground2 },
    "& dd": { margin: 0 },
  },
  count: { fontSize: tokens.fontSizeBase500, fontWeight: tokens.fontWeightSemibold },
  quiet: { color: tokens.colorNeutralForeground2, overflowWrap: "anywhere" },
});

const SHOWN = 8;

/** Whom and what an assignment covers. */
export function CoverageView({ coverage }: { readonly coverage: Coverage }) {
  const { helpers, users, devices } = coverage;
  return (
    <dl className={useStyles().all}>
      <Part name={<Trans>May help</Trans>} covered={helpers}>
        <Plural value={helpers.count} one="# person" other="# people" />
      </Part>
      <Part name={<Trans>May be helped</Trans>} covered={users}>
        <Plural value={users.count} one="# person" other="# people" />
      </Part>
      <Part name={<Trans>On these devices, whoever uses them</Trans>} covered={devices}>
        <Plural value={devices.count} one="# device" other="# devices" />
      </Part>
    </dl>
  );
}

interface PartProps {
  readonly name: ReactNode;
  readonly covered: Coverage["helpers"];
  readonly children: ReactNode;
}

function Part({ name, covered, children }: PartProps) {
  const styles = useStyles();
  const names = useNames();
  const first = covered.first.slice(0, SHOWN).map((one) => one.name);
  const rest = covered.count - first.length;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <div className={styles.count}>
          {children} {covered.all && <Trans>(all)</Trans>}
        </div>
        <div className={styles.quiet}>
          <bdi>{names.list(first)}</bdi>
          {rest > 0 && (
            <>
              {" "}
              <Plural value={rest} one="and # more" other="and # more" />
            </>
          )}
        </div>
      </dd>
    </div>
  );
}
