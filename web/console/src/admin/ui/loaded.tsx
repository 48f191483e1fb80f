import { Spinner } from "@fluentui/react-components";
import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Failed } from "./failed.tsx";

interface Props<Data> {
  readonly query: { readonly data: Data | undefined; readonly error: unknown; readonly refetch: () => unknown };
  readonly children: (data: NonNullable<Data>) => ReactNode;
}

/** What a query gave, or that it is on its way, or that it did not work. What is there stays when a later request fails. */
export function Loaded<Data>({ query, children }: Props<Data>) {
  const { t } = useLingui();
  const { data, error, refetch } = query;
  return (
    <>
      {error !== null && <Failed error={error} retry={refetch} />}
      {data !== undefined && data !== null && children(data)}
      {(data === undefined || data === null) && error === null && <Spinner label={t`Loading…`} />}
    </>
  );
}
