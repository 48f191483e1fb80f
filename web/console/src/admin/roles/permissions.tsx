import { Checkbox, makeStyles, tokens } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { useId } from "react";
import { ADMINISTRATION, HELP, impliedBy, mayGive, type Permission } from "../permissions.ts";
import { useNames } from "../words.ts";

const useStyles = makeStyles({
  columns: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr) minmax(0, 1fr)",
    gap: tokens.spacingHorizontalXL,
    alignItems: "start",
    "@media (max-width: 800px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  group: { margin: 0, padding: 0, border: "none", minWidth: 0 },
  legend: { padding: 0, fontWeight: tokens.fontWeightSemibold, marginBlockEnd: tokens.spacingVerticalXS },
  hint: {
    color: tokens.colorNeutralForeground2,
    paddingInlineStart: "32px",
    paddingBlockEnd: tokens.spacingVerticalS,
    maxWidth: "56ch",
  },
  reason: { color: tokens.colorNeutralForeground1, fontWeight: tokens.fontWeightSemibold },
});

interface Props {
  readonly ticked: readonly string[];
  /** What the person holds who ticks. */
  readonly held?: readonly string[];
  /** Without it they are only shown. */
  readonly tick?: (words: readonly string[]) => void;
  /** Only these are offered. */
  readonly only?: readonly Permission[];
}

/** Permissions as boxes in two groups. What follows from another one is ticked and says so; what cannot be given says why. */
export function Permissions({ only, ...props }: Props) {
  const styles = useStyles();
  const of = (all: readonly Permission[]) => all.filter((one) => only === undefined || only.includes(one));
  const [help, rule] = [of(HELP), of(ADMINISTRATION)];
  return (
    <div className={styles.columns}>
      {help.length > 0 && (
        <fieldset className={styles.group}>
          <legend className={styles.legend}>
            <Trans>Helping</Trans>
          </legend>
          {help.map((one) => (
            <Box key={one} one={one} {...props} />
          ))}
        </fieldset>
      )}
      <fieldset className={styles.group}>
        <legend className={styles.legend}>
          <Trans>Administration</Trans>
        </legend>
        {rule.map((one) => (
          <Box key={one} one={one} {...props} />
        ))}
      </fieldset>
    </div>
  );
}

function Box({ one, ticked, held, tick }: Props & { readonly one: Permission }) {
  const styles = useStyles();
  const { t } = useLingui();
  const names = useNames();
  const hint = useId();
  const isTicked = ticked.includes(one);
  const from = impliedBy(ticked, one);
  const lacks = held !== undefined && !mayGive(held, one) && !isTicked;
  const isFixed = tick === undefined || from !== null || lacks;
  const put = (is: boolean) => tick?.(is ? [...ticked, one] : ticked.filter((word) => word !== one));
  return (
    <div>
      <Checkbox
        label={names.permission(one)}
        aria-describedby={hint}
        checked={isTicked || from !== null}
        disabled={isFixed}
        onChange={(_, { checked }) => put(checked === true)}
      />
      <div id={hint} className={styles.hint}>
        {from !== null && (
          <span className={styles.reason}>
            {t`Comes with “${names.permission(from)}”.`}
            <br />
          </span>
        )}
        {lacks && (
          <span className={styles.reason}>
            <Trans>You cannot give it: you do not hold it yourself.</Trans>
            <br />
          </span>
        )}
        {names.hint(one)}
      </div>
    </div>
  );
}
