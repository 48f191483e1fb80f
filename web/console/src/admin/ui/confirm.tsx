import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { useGiveBack } from "../../ui/give-back.ts";
import { Failed } from "./failed.tsx";

const useStyles = makeStyles({
  content: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM },
  danger: {
    backgroundColor: tokens.colorStatusDangerBackground3,
    color: tokens.colorNeutralForegroundOnBrand,
    ":hover": {
      backgroundColor: tokens.colorStatusDangerBackground3Hover,
      color: tokens.colorNeutralForegroundOnBrand,
    },
  },
});

interface Props {
  readonly title: ReactNode;
  /** What the button does, as a verb. */
  readonly act: ReactNode;
  readonly danger?: boolean;
  readonly change: { readonly isPending: boolean; readonly error: unknown; readonly reset: () => void };
  readonly confirm: () => void;
  readonly close: () => void;
  readonly children: ReactNode;
}

/** Asks before something is done that somebody will feel. It begins on *Cancel*. */
export function Confirm({ title, act, danger, change, confirm, close, children }: Props) {
  const styles = useStyles();
  useGiveBack();
  const leave = () => {
    change.reset();
    close();
  };
  return (
    <Dialog open modalType="alert" onOpenChange={(_, { open }) => !open && leave()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent className={styles.content}>
            {children}
            {change.error !== null && <Failed error={change.error} />}
          </DialogContent>
          <DialogActions>
            <Button onClick={leave}>
              <Trans>Cancel</Trans>
            </Button>
            <Button
              appearance="primary"
              className={danger ? styles.danger : ""}
              disabled={change.isPending}
              onClick={confirm}
            >
              {act}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
