import { Button, Field, makeStyles, Radio, RadioGroup, Textarea, tokens } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Record } from "../api/client.ts";
import { saveOutcome } from "../api/queries.ts";
import { Failure } from "../ui/failure.tsx";

const useStyles = makeStyles({
  form: { display: "grid", rowGap: tokens.spacingVerticalM, justifyItems: "stretch" },
  row: { display: "flex", columnGap: tokens.spacingHorizontalM, alignItems: "center" },
});

/** Characters that the relay takes. */
const MOST = 4000;

/** What came of a session, written by its helper. */
export function OutcomeForm({ record }: { readonly record: Record }) {
  const styles = useStyles();
  const { t } = useLingui();
  const client = useQueryClient();
  const [outcome, setOutcome] = useState(record.outcome ?? "");
  const [notes, setNotes] = useState(record.notes ?? "");
  const save = useMutation({
    mutationFn: () => saveOutcome(record, outcome, notes),
    onSuccess: () => client.invalidateQueries({ queryKey: ["records"] }),
  });
  const change = (act: () => void) => {
    act();
    save.reset();
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Field label={t`What came of it?`}>
        <RadioGroup layout="horizontal" value={outcome} onChange={(_, { value }) => change(() => setOutcome(value))}>
          <Radio value="solved" label={t`Solved`} />
          <Radio value="unsolved" label={t`Not solved`} />
          <Radio value="escalated" label={t`Passed on`} />
        </RadioGroup>
      </Field>
      <Field label={t`Notes`}>
        <Textarea
          value={notes}
          maxLength={MOST}
          dir="auto"
          rows={3}
          onChange={(_, { value }) => change(() => setNotes(value))}
        />
      </Field>
      {save.isError && <Failure error={save.error} />}
      <div className={styles.row}>
        <Button type="submit" appearance="primary" disabled={outcome === "" || save.isPending}>
          <Trans>Save</Trans>
        </Button>
        <span role="status">{save.isSuccess && <Trans>Saved.</Trans>}</span>
      </div>
    </form>
  );
}
