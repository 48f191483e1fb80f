import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowDownRegular, ArrowUpRegular, ChevronDownRegular, ChevronRightRegular } from "@fluentui/react-icons";
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { createColumnHelper, tableFeatures, useTable } from "@tanstack/react-table";
import { Fragment, useState } from "react";
import type { Record } from "../api/client.ts";
import { useFormat } from "../ui/format.ts";
import { useLevelName, useReasonName } from "../ui/words.ts";
import { Details } from "./details.tsx";

const useStyles = makeStyles({
  scroller: {
    overflowX: "auto",
    backgroundColor: tokens.colorNeutralBackground1,
    borderRadius: tokens.borderRadiusLarge,
  },
  table: {
    width: "100%",
    borderCollapse: "collapse",
    "& th, & td": {
      textAlign: "start",
      paddingBlock: tokens.spacingVerticalXS,
      paddingInline: tokens.spacingHorizontalS,
      borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    },
    "& td": { whiteSpace: "nowrap" },
  },
  sort: { minWidth: "auto", paddingLeft: 0, paddingRight: 0, fontWeight: tokens.fontWeightSemibold },
});

const features = tableFeatures({});
const helper = createColumnHelper<typeof features, Record>();

const HEADS: { readonly [id: string]: MessageDescriptor } = {
  started: msg`Started`,
  helper: msg`Helper`,
  sharer: msg`Sharer`,
  level: msg`Highest level`,
  length: msg`Length`,
  end_reason: msg`End`,
};
const SORTED = ["started", "helper", "sharer", "level", "end_reason"];

const columns = helper.columns([
  helper.display({ id: "started", cell: ({ row }) => useFormat().date(row.original.started) }),
  helper.display({ id: "helper", cell: ({ row }) => <bdi>{row.original.helper.name}</bdi> }),
  helper.display({ id: "sharer", cell: ({ row }) => <bdi>{row.original.sharer?.name ?? "--"}</bdi> }),
  helper.display({ id: "level", cell: ({ row }) => useLevelName()(row.original.highest) }),
  helper.display({ id: "length", cell: ({ row }) => useFormat().clock(row.original.seconds * 1000) }),
  helper.display({ id: "end_reason", cell: ({ row }) => <End record={row.original} /> }),
]);

export interface Order {
  readonly sort: string;
  readonly ascending: boolean;
}

interface Props {
  readonly label: string;
  readonly records: readonly Record[];
  /** The relay sorts; without it nothing can be sorted. */
  readonly order?: Order;
  readonly reorder?: (order: Order) => void;
}

/** Session records, each with its details on demand. */
export function RecordTable({ label, records, order, reorder }: Props) {
  const styles = useStyles();
  const { i18n, t } = useLingui();
  const [opened, setOpened] = useState<string | null>(null);
  const headOf = (id: string) => (HEADS[id] === undefined ? id : i18n._(HEADS[id]));
  const table = useTable({ features, columns, data: records, getRowId: ({ session, pair }) => `${session}-${pair}` });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <section className={styles.scroller} aria-label={label} tabIndex={0}>
      <table className={styles.table} aria-label={label}>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              <th scope="col">{t`Details`}</th>
              {group.headers.map(({ id }) => (
                <Head key={id} id={id} label={headOf(id)} {...(order && reorder && { order, reorder })} />
              ))}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <Fragment key={row.id}>
              <tr>
                <td>
                  <Button
                    appearance="subtle"
                    icon={opened === row.id ? <ChevronDownRegular /> : <ChevronRightRegular />}
                    aria-expanded={opened === row.id}
                    aria-label={t`Details of ${row.original.sharer?.name ?? "--"}`}
                    onClick={() => setOpened(opened === row.id ? null : row.id)}
                  />
                </td>
                {row.getAllCells().map((cell) => (
                  <td key={cell.id}>
                    <table.FlexRender cell={cell} />
                  </td>
                ))}
              </tr>
              {opened === row.id && (
                <tr>
                  <td colSpan={columns.length + 1}>
                    <Details record={row.original} />
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface HeadProps {
  readonly id: string;
  readonly label: string;
  readonly order?: Order;
  readonly reorder?: (order: Order) => void;
}

function Head({ id, label, order, reorder }: HeadProps) {
  const styles = useStyles();
  if (order === undefined || reorder === undefined || !SORTED.includes(id)) return <th scope="col">{label}</th>;
  const isSorted = order.sort === id;
  const icon = isSorted ? order.ascending ? <ArrowUpRegular /> : <ArrowDownRegular /> : null;
  return (
    <th scope="col" aria-sort={isSorted ? (order.ascending ? "ascending" : "descending") : "none"}>
      <Button
        appearance="subtle"
        className={styles.sort}
        icon={icon}
        iconPosition="after"
        onClick={() => reorder({ sort: id, ascending: isSorted ? !order.ascending : id !== "started" })}
      >
        {label}
      </Button>
    </th>
  );
}

function End({ record }: { readonly record: Record }) {
  const { t } = useLingui();
  const reason = useReasonName();
  return record.ended === null ? t`Goes on` : reason(record.end_reason);
}
