import { Button, Field, Input, makeStyles, SearchBox, Select, tokens } from "@fluentui/react-components";
import { ArrowDownloadRegular } from "@fluentui/react-icons";
import { Trans, useLingui } from "@lingui/react/macro";
import { csvAddress } from "../api/queries.ts";
import { useLevelName } from "../ui/words.ts";
import { queryOf, type Search } from "./filter.ts";

const useStyles = makeStyles({
  row: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalM, alignItems: "end" },
  field: { flex: "0 1 160px" },
});

interface Props {
  readonly search: Search;
  readonly change: (search: Search) => void;
  /** The person may read everybody's records. */
  readonly all: boolean;
}

/** Which records are shown. */
export function Filters({ search, change, all }: Props) {
  const styles = useStyles();
  const { t } = useLingui();
  const level = useLevelName();
  const { level: _level, open: _open, mine: _mine, from: _from, until: _until, person: _person, ...order } = search;
  const isFiltered = Object.keys(search).length > Object.keys(order).length;
  const state = search.open === undefined ? "" : search.open ? "open" : "ended";
  return (
    <search className={styles.row} aria-label={t`Filter`}>
      <Field label={t`Person`} className={styles.field}>
        <SearchBox
          value={search.person ?? ""}
          dir="auto"
          onChange={(_, { value }) => change(put(search, "person", value))}
        />
      </Field>
      <Field label={t`Level`} className={styles.field}>
        <Select value={search.level ?? ""} onChange={(_, { value }) => change(put(search, "level", value))}>
          <option value="">{t`All levels`}</option>
          {["view", "control"].map((one) => (
            <option key={one} value={one}>
              {level(one)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t`From`} className={styles.field}>
        <Input type="date" value={search.from ?? ""} onChange={(_, { value }) => change(put(search, "from", value))} />
      </Field>
      <Field label={t`Until`} className={styles.field}>
        <Input
          type="date"
          value={search.until ?? ""}
          onChange={(_, { value }) => change(put(search, "until", value))}
        />
      </Field>
      <Field label={t`State`} className={styles.field}>
        <Select
          value={state}
          onChange={(_, { value }) => change(put(search, "open", value === "" ? undefined : value === "open"))}
        >
          <option value="">{t`Open and ended`}</option>
          <option value="open">{t`Open`}</option>
          <option value="ended">{t`Ended`}</option>
        </Select>
      </Field>
      {all && (
        <Field label={t`Whose`} className={styles.field}>
          <Select
            value={search.mine ? "mine" : "all"}
            onChange={(_, { value }) => change(put(search, "mine", value === "mine" || undefined))}
          >
            <option value="all">{t`Everybody's`}</option>
            <option value="mine">{t`My own`}</option>
          </Select>
        </Field>
      )}
      {isFiltered && (
        <Button onClick={() => change(order)}>
          <Trans>Clear the filter</Trans>
        </Button>
      )}
      <Button as="a" icon={<ArrowDownloadRegular />} href={csvAddress(queryOf(search))} download="sessions.csv">
        <Trans>Download as CSV</Trans>
      </Button>
    </search>
  );
}

/** The search with this word; an empty one leaves it. */
function put<Name extends keyof Search>(search: Search, name: Name, value: Search[Name] | undefined | ""): Search {
  const { [name]: _, ...rest } = search;
  return value === undefined || value === "" ? rest : { ...rest, [name]: value };
}
