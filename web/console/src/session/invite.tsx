import {
  Button,
  Caption1,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Radio,
  RadioGroup,
  SearchBox,
  Spinner,
  tokens,
} from "@fluentui/react-components";
import type { Colleague } from "@handrail/viewer";
import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import { FaultText } from "../fault/fault.tsx";
import { useGiveBack } from "../ui/give-back.ts";
import { useRested } from "../ui/rested.ts";
import type { OpenSession } from "./sessions.ts";
import { useSessionState } from "./use.ts";

const useStyles = makeStyles({
  content: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM },
  search: { maxWidth: "none" },
  // What scrolls cuts the outline of the focus off where it has no room.
  found: { minHeight: "120px", maxHeight: "40vh", overflowY: "auto", padding: tokens.spacingHorizontalXS },
  quiet: { color: tokens.colorNeutralForeground2 },
});

interface Props {
  readonly open: OpenSession;
  /** The colleague takes the session over. */
  readonly isHandOver: boolean;
  readonly close: () => void;
}

/** Chooses a colleague to come into the session, or to take it over. */
export function Invite({ open, isHandOver, close }: Props) {
  const styles = useStyles();
  const { t } = useLingui();
  useGiveBack();
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState<Colleague | null>(null);
  const search = useRested(typed);
  const { session } = open;
  useEffect(() => session.findColleagues(search), [session, search]);
  const type = (text: string) => {
    setTyped(text);
    setChosen(null);
  };
  const invite = () => {
    if (chosen !== null) session.invite(chosen, isHandOver);
    close();
  };
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && close()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>
            {isHandOver ? <Trans>Hand over the session</Trans> : <Trans>Invite a colleague</Trans>}
          </DialogTitle>
          <DialogContent className={styles.content}>
            <Field label={t`Name of the colleague`}>
              <SearchBox
                className={styles.search}
                value={typed}
                dir="auto"
                maxLength={100}
                onChange={(_, { value }) => type(value)}
              />
            </Field>
            <div className={styles.found}>
              <Found open={open} isResting={search === typed} chosen={chosen} choose={setChosen} />
            </div>
            <div role="status">{chosen !== null && <What open={open} chosen={chosen} isHandOver={isHandOver} />}</div>
          </DialogContent>
          <DialogActions>
            <Button onClick={close}>
              <Trans>Cancel</Trans>
            </Button>
            <Button appearance="primary" disabled={chosen === null} onClick={invite}>
              {isHandOver ? <Trans>Hand over</Trans> : <Trans>Invite</Trans>}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

interface FoundProps {
  readonly open: OpenSession;
  /** What was typed is what is looked for. */
  readonly isResting: boolean;
  readonly chosen: Colleague | null;
  readonly choose: (colleague: Colleague | null) => void;
}

function Found({ open, isResting, chosen, choose }: FoundProps) {
  const styles = useStyles();
  const { t } = useLingui();
  const { colleagues } = useSessionState(open.session);
  if (colleagues?.fault) {
    return (
      <MessageBar intent="error" layout="multiline" role="alert">
        <MessageBarBody>
          <FaultText fault={colleagues.fault} />
        </MessageBarBody>
      </MessageBar>
    );
  }
  const people = isResting ? colleagues?.people : null;
  if (!people) return <Spinner size="tiny" label={t`Looking for colleagues…`} />;
  if (people.length === 0) {
    return (
      <span role="status">
        <Trans>No colleague found who may help this person.</Trans>
      </span>
    );
  }
  return (
    <RadioGroup
      aria-label={t`Colleagues`}
      value={chosen?.subject ?? ""}
      onChange={(_, { value }) => choose(people.find(({ subject }) => subject === value) ?? null)}
    >
      {people.map(({ subject, name, title }) => (
        <Radio
          key={subject}
          value={subject}
          label={
            <>
              <bdi>{name}</bdi>
              {title !== undefined && (
                <>
                  <br />
                  <Caption1 className={styles.quiet}>
                    <bdi>{title}</bdi>
                  </Caption1>
                </>
              )}
            </>
          }
        />
      ))}
    </RadioGroup>
  );
}

interface WhatProps {
  readonly open: OpenSession;
  readonly chosen: Colleague;
  readonly isHandOver: boolean;
}

/** What will happen, before it does. */
function What({ open, chosen, isHandOver }: WhatProps) {
  const { card } = useSessionState(open.session);
  const [name, sharer] = [chosen.name, card?.name ?? ""];
  return isHandOver ? (
    <Trans>
      <bdi>{name}</bdi> will see the invitation in the console. <bdi>{sharer}</bdi> will be asked before{" "}
      <bdi>{name}</bdi> sees anything. Your part ends as soon as <bdi>{sharer}</bdi> has allowed <bdi>{name}</bdi>.
    </Trans>
  ) : (
    <Trans>
      <bdi>{name}</bdi> will see the invitation in the console. <bdi>{sharer}</bdi> will be asked before{" "}
      <bdi>{name}</bdi> sees anything.
    </Trans>
  );
}
