import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { Trans } from "@lingui/react/macro";
import { useBlocker, useNavigate } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useTell } from "../told.tsx";
import { Confirm } from "./confirm.tsx";
import { Failed } from "./failed.tsx";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL },
  row: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalM },
  apart: { marginInlineStart: "auto" },
});

type List = "/admin/roles" | "/admin/assignments" | "/admin/compliance" | "/admin/access";

interface Props {
  /** Where the list is that it belongs to. */
  readonly back: List;
  readonly isDirty: boolean;
  /** Everything is filled in. */
  readonly isWhole: boolean;
  readonly save: () => Promise<unknown>;
  readonly change: { readonly isPending: boolean; readonly error: unknown };
  /** What the list says when it is saved. */
  readonly saved: ReactNode;
  /** Stands at the other end of the row of buttons. */
  readonly beside?: ReactNode;
  readonly children: ReactNode;
}

/** A form that is saved explicitly; leaving it with unsaved changes is asked first. */
export function Editor({ back, isDirty, isWhole, save, change, saved, beside, children }: Props) {
  const styles = useStyles();
  const navigate = useNavigate();
  const tell = useTell();
  const done = useLeaving(isDirty);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isWhole || change.isPending) return;
    await save();
    done.allow();
    tell({ text: saved, at: back });
    await navigate({ to: back });
  };
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event).catch(() => {})}>
      {children}
      {change.error !== null && <Failed error={change.error} />}
      <div className={styles.row}>
        <Button type="submit" appearance="primary" disabled={!isWhole || !isDirty || change.isPending}>
          <Trans>Save</Trans>
        </Button>
        <Button onClick={() => void navigate({ to: back })}>
          <Trans>Cancel</Trans>
        </Button>
        {beside && <div className={styles.apart}>{beside}</div>}
      </div>
      {done.question}
    </form>
  );
}

/** Holds whoever leaves the page with unsaved changes, and asks. */
export function useLeaving(isDirty: boolean) {
  const isAllowed = useRef(false);
  const holds = () => isDirty && !isAllowed.current;
  const blocker = useBlocker({ shouldBlockFn: holds, enableBeforeUnload: holds, withResolver: true });
  // The question goes first, then the page: both at once would leave readers shut out of the next one.
  const [isLeft, setLeft] = useState(false);
  const { proceed } = blocker;
  useEffect(() => {
    if (!isLeft) return;
    const timer = setTimeout(() => {
      setLeft(false);
      proceed?.();
    });
    return () => clearTimeout(timer);
  }, [isLeft, proceed]);
  const quiet = { isPending: false, error: null, reset: () => {} };
  const question = blocker.status === "blocked" && !isLeft && (
    <Confirm
      title={<Trans>Leave without saving?</Trans>}
      act={<Trans>Leave</Trans>}
      danger
      change={quiet}
      confirm={() => setLeft(true)}
      close={blocker.reset}
    >
      <Trans>What you changed on this page is lost.</Trans>
    </Confirm>
  );
  const allow = () => {
    isAllowed.current = true;
  };
  return { allow, question };
}

/** What is being edited, and whether it differs from what it began with. */
export function useDraft<Draft extends object>(initial: Draft) {
  const [begun] = useState(initial);
  const [draft, setDraft] = useState(initial);
  const put = (part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part }));
  return { draft, put, isDirty: JSON.stringify(draft) !== JSON.stringify(begun) };
}
