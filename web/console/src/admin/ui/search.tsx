import { Field, makeStyles, SearchBox } from "@fluentui/react-components";
import { useEffect, useState } from "react";

const useStyles = makeStyles({ field: { flex: "0 1 320px" } });
const REST_MS = 250;

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

/** What a value was when it last rested. It is compared as text, so that a new object of the same content changes nothing. */
export function useRested<Value>(value: Value): Value {
  const [rested, setRested] = useState(value);
  const text = JSON.stringify(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(JSON.parse(text)), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}
