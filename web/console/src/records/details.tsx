import { makeStyles, tokens } from "@fluentui/react-components";
import { useLingui } from "@lingui/react/macro";
import type { Record } from "../api/client.ts";
import { OutcomeForm } from "../session/outcome.tsx";
import { useMe } from "../sign-in/guard.tsx";
import { useFormat } from "../ui/format.ts";
import { useOutcomeName } from "../ui/words.ts";

const useStyles = makeStyles({
  all: { display: "grid", rowGap: tokens.spacingVerticalM, padding: tokens.spacingHorizontalS, whiteSpace: "normal" },
  list: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fill, minmax(220px, 1fr))",
    gap: tokens.spacingHorizontalM,
    margin: 0,
    "& dt": { color: tokens.colorNeutralForeground2 },
    "& dd": { margin: 0, overflowWrap: "anywhere" },
  },
});

const NOTHING = "–";

/** Everything a record says. Its helper can write what came of it. */
export function Details({ record }: { readonly record: Record }) {
  const styles = useStyles();
  const { t } = useLingui();
  const { subject } = useMe();
  const format = useFormat();
  const outcome = useOutcomeName();
  const { quality } = record;
  const ms = (value: number | null | undefined) => (value == null ? NOTHING : t`${format.number(value)} ms`);
  const kilobytes = format.number((quality.bytes_to_helper + quality.bytes_to_sharer) / 1024);
  const p50 = ms(quality.p50_ms);
  const p95 = ms(quality.p95_ms);
  const isMine = record.helper.subject === subject;
  const said: readonly (readonly [string, string | null])[] = isMine
    ? []
    : [
        [t`Outcome`, record.outcome && outcome(record.outcome)],
        [t`Notes`, record.notes],
      ];
  const rows: readonly (readonly [string, string | null])[] = [
    [t`Reason`, record.reason],
    [t`Incident`, record.incident],
    [t`Account of the helper`, record.helper.subject],
    [t`Account of the sharer`, record.sharer?.subject ?? null],
    [t`Ended`, record.ended && format.date(record.ended)],
    [t`Carriers, helper and sharer`, `${record.helper_carrier ?? NOTHING}, ${record.sharer_carrier ?? NOTHING}`],
    [t`From key to picture`, t`median ${p50}, slowest 5 % ${p95}`],
    [t`Updates a second`, quality.fps == null ? null : format.number(quality.fps)],
    [t`Stalls`, format.number(quality.stalls)],
    [t`Data`, t`${kilobytes} KB`],
    [t`Session number`, record.session],
    ...said,
  ];
  return (
    <div className={styles.all}>
      <dl className={styles.list}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <bdi>{value || NOTHING}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      {isMine && <OutcomeForm record={record} />}
    </div>
  );
}
