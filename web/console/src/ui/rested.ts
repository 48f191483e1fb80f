import { useEffect, useState } from "react";

/** Milliseconds without a change. */
export const REST_MS = 250;

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
