import { Field, makeStyles, SearchBox } from "@fluentui/react-components";
import { useEffect, useState } from "react";
import { REST_MS } from "../../ui/rested.ts";

const useStyles = makeStyles({ field: { flex: "0 1 320px" } });

interface Props {
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
}

/** A field to search by; it tells what was typed when the person rests. */
export function Search({ label, value, change }: Props) {
  const [typed, setTyped] = useState(value);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => change(typed), REST_MS);
    return () => clearTimeout(timer);
  }, [typed, value, change]);
  return (
    <Field label={label} className={useStyles().field}>
      <SearchBox value={typed} dir="auto" maxLength={100} onChange={(_, data) => setTyped(data.value)} />
    </Field>
  );
}
