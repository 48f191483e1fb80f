import { makeStyles, tokens } from "@fluentui/react-components";
import { Trans } from "@lingui/react/macro";
import { type Difference, differences } from "../difference.ts";
import { useNames } from "../words.ts";
import { useValues } from "./values.ts";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "grid", rowGap: tokens.spacingVerticalXXS },
  field: { color: tokens.colorNeutralForeground2 },
  now: { textDecorationLine: "none" },
  old: { textDecorationLine: "line-through", color: tokens.colorNeutralForeground2 },
});

/** What a change changed, a line for each field. */
export function Differences({ before, after }: { readonly before: unknown; readonly after: unknown }) {
  const styles = useStyles();
  const all = differences(before, after);
  if (all.length === 0) return "–";
  return (
    <ul className={styles.list}>
      {all.map((one) => (
        <li key={one.field}>
          <Line one={one} isNew={before === null || before === undefined} />
        </li>
      ))}
    </ul>
  );
}

function Line({ one, isNew }: { readonly one: Difference; readonly isNew: boolean }) {
  const styles = useStyles();
  const names = useNames();
  const values = useValues();
  const value = (text: string) => values(one.field, text);
  const list = (words: readonly string[]) => names.list(words.map(value));
  return (
    <>
      <span className={styles.field}>{names.field(one.field)}:</span>{" "}
      {one.before !== null && (
        <del className={styles.old}>
          <bdi>{value(one.before)}</bdi>
        </del>
      )}
      {one.before !== null && one.after !== null && " → "}
      {one.after !== null && (
        <ins className={styles.now}>
          <bdi>{value(one.after) || "–"}</bdi>
        </ins>
      )}
      {one.removed.length > 0 && (
        <Trans>
          without <bdi>{list(one.removed)}</bdi>
        </Trans>
      )}
      {one.removed.length > 0 && one.added.length > 0 && "; "}
      {one.added.length > 0 && isNew && <bdi>{list(one.added)}</bdi>}
      {one.added.length > 0 && !isNew && (
        <Trans>
          with <bdi>{list(one.added)}</bdi>
        </Trans>
      )}
    </>
  );
}
