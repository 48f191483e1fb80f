import { makeStyles, tokens } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import type { Day } from "../api/client.ts";
import { useFormat } from "../ui/format.ts";

const useStyles = makeStyles({
  scroller: { overflow: "auto", maxHeight: "400px" },
  table: {
    borderCollapse: "collapse",
    "& th, & td": {
      textAlign: "start",
      paddingBlock: tokens.spacingVerticalXXS,
      paddingInlineEnd: tokens.spacingHorizontalXXL,
      borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
      fontVariantNumeric: "tabular-nums",
    },
  },
});

/** The chart's figures for those who do not see it, or want numbers. Newest first. */
export function DayTable({ days }: { readonly days: readonly Day[] }) {
  const styles = useStyles();
  const { t } = useLingui();
  const { day: date, number } = useFormat();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <section className={styles.scroller} aria-label={t`Sessions by day`} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">
              <Trans>Day (UTC)</Trans>
            </th>
            <th scope="col">
              <Trans>Sessions</Trans>
            </th>
            <th scope="col">
              <Trans>With control</Trans>
            </th>
            <th scope="col">
              <Trans>Minutes</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map(({ day, sessions, control, minutes }) => (
            <tr key={day}>
              <th scope="row">{date(day)}</th>
              <td>{number(sessions)}</td>
              <td>{number(control)}</td>
              <td>{number(minutes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
