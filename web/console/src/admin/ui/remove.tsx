import { Button } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { answered } from "../../api/client.ts";
import { useChange } from "../change.ts";
import { useTell } from "../told.tsx";
import { Confirm } from "./confirm.tsx";

interface Props {
  readonly title: ReactNode;
  /** What the button does, as a verb; *Delete* if nothing is said. */
  readonly act?: ReactNode;
  readonly send: () => Parameters<typeof answered>[0];
  /** What its page says afterwards. */
  readonly done: string;
  /** The page that says it. */
  readonly at: string;
  readonly close: () => void;
  readonly children: ReactNode;
}

/** Asks before something is taken away for good, does it, and says so on the page. */
export function Remove({ title, act = <Trans>Delete</Trans>, send, done, at, close, children }: Props) {
  const tell = useTell();
  const change = useChange(
    () => answered(send()),
    () => {
      close();
      tell({ text: done, at });
    },
  );
  return (
    <Confirm title={title} act={act} danger change={change} confirm={() => change.mutate(undefined)} close={close}>
      {children}
    </Confirm>
  );
}

/** Begins it, in the row of what is called so. */
export function DeleteButton({ name, press }: { readonly name: string; readonly press: () => void }) {
  const { t } = useLingui();
  return (
    <Button size="small" aria-label={t`Delete ${name}`} onClick={press}>
      <Trans>Delete</Trans>
    </Button>
  );
}
