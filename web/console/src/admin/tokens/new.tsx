import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Radio,
  RadioGroup,
  tokens,
} from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { answered, api } from "../../api/client.ts";
import { useGiveBack } from "../../ui/give-back.ts";
import { useChange } from "../change.ts";
import { useHeld } from "../needs.tsx";
import { ADMINISTRATION } from "../permissions.ts";
import { Permissions } from "../roles/permissions.tsx";
import { Copy } from "../ui/copy.tsx";
import { Failed } from "../ui/failed.tsx";

const useStyles = makeStyles({
  content: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM },
});

/** What the relay gives no program, whoever asks. */
const OFFERED = ADMINISTRATION.filter((one) => one !== "roles");
const MOST_DAYS = 365;

interface Said {
  readonly name: string;
  readonly kind: string;
  readonly permissions: readonly string[];
  readonly days: string;
}

/** Makes a token, then shows its secret, once. */
export function NewToken({ close }: { readonly close: () => void }) {
  useGiveBack();
  const [said, setSaid] = useState<Said>({ name: "", kind: "api", permissions: [], days: String(MOST_DAYS) });
  // Held here alone: it is gone with the dialog.
  const [secret, setSecret] = useState<string | null>(null);
  const change = useChange(
    ({ name, kind, permissions, days }: Said) =>
      answered(
        api.POST("/api/v1/tokens", {
          body: { name: name.trim(), kind, permissions: kind === "api" ? [...permissions] : [], days: Number(days) },
        }),
      ),
    (made) => {
      setSecret(made.secret);
      change.reset();
    },
  );
  return (
    <Dialog open modalType={secret === null ? "modal" : "alert"} onOpenChange={(_, { open }) => !open && close()}>
      <DialogSurface>
        {secret === null ? (
          <Form said={said} put={setSaid} make={() => change.mutate(said)} change={change} close={close} />
        ) : (
          <Secret secret={secret} close={close} />
        )}
      </DialogSurface>
    </Dialog>
  );
}

function Secret({ secret, close }: { readonly secret: string; readonly close: () => void }) {
  const styles = useStyles();
  const { t } = useLingui();
  return (
    <DialogBody>
      <DialogTitle>
        <Trans>The token is made</Trans>
      </DialogTitle>
      <DialogContent className={styles.content}>
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <Trans>Its secret is shown this once. Copy it now to where the program keeps it.</Trans>
          </MessageBarBody>
        </MessageBar>
        <Copy text={secret} label={t`Copy the secret`} />
      </DialogContent>
      <DialogActions>
        <Button appearance="primary" onClick={close}>
          <Trans>I have copied it</Trans>
        </Button>
      </DialogActions>
    </DialogBody>
  );
}

interface FormProps {
  readonly said: Said;
  readonly put: (said: Said) => void;
  readonly make: () => void;
  readonly change: { readonly isPending: boolean; readonly error: unknown };
  readonly close: () => void;
}

function Form({ said, put, make, change, close }: FormProps) {
  const styles = useStyles();
  const { t } = useLingui();
  const held = useHeld();
  const isAge = /^\d+$/.test(said.days) && Number(said.days) >= 1 && Number(said.days) <= MOST_DAYS;
  const needs = said.kind === "scim" || said.permissions.length > 0;
  const isWhole = said.name.trim() !== "" && isAge && needs;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isWhole) make();
  };
  return (
    <form onSubmit={submit}>
      <DialogBody>
        <DialogTitle>
          <Trans>New token</Trans>
        </DialogTitle>
        <DialogContent className={styles.content}>
          <Field label={t`Name`} required hint={t`Such as the program that uses it.`}>
            <Input
              value={said.name}
              dir="auto"
              maxLength={100}
              onChange={(_, { value }) => put({ ...said, name: value })}
            />
          </Field>
          <Field label={t`Kind`}>
            <RadioGroup value={said.kind} onChange={(_, { value }) => put({ ...said, kind: value })}>
              <Radio value="api" label={t`API: a program of yours asks and changes what you allow it`} />
              <Radio
                value="scim"
                disabled={!held.includes("directory")}
                label={t`SCIM: your directory brings people and groups`}
              />
            </RadioGroup>
          </Field>
          <Field
            label={t`Days until it expires`}
            {...(!isAge && { validationMessage: t`A whole number from 1 to 365.` })}
          >
            <Input
              inputMode="numeric"
              dir="ltr"
              value={said.days}
              onChange={(_, { value }) => put({ ...said, days: value })}
            />
          </Field>
          {said.kind === "api" && (
            <Permissions
              only={OFFERED}
              held={held}
              ticked={said.permissions}
              tick={(permissions) => put({ ...said, permissions })}
            />
          )}
          {change.error !== null && <Failed error={change.error} />}
        </DialogContent>
        <DialogActions>
          <Button onClick={close}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" appearance="primary" disabled={!isWhole || change.isPending}>
            <Trans>Make the token</Trans>
          </Button>
        </DialogActions>
      </DialogBody>
    </form>
  );
}
