import { Button, MessageBar, MessageBarActions, MessageBarBody } from "@fluentui/react-components";
import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { RefusedError } from "../api/client.ts";
import { FaultText } from "../fault/fault.tsx";

interface Props {
  readonly error: unknown;
  readonly retry?: (() => unknown) | undefined;
  /** What stands behind the sentence of the fault. */
  readonly more?: (error: RefusedError) => ReactNode;
}

/** A request that did not work. */
export function Failure({ error, retry, more }: Props) {
  const known = error instanceof RefusedError ? error : new RefusedError(0, "RH-1506", String(error));
  return (
    <MessageBar intent="error" layout="multiline" role="alert">
      <MessageBarBody>
        <FaultText fault={{ code: known.code, text: known.message }} />
        {more?.(known)}
      </MessageBarBody>
      {retry && (
        <MessageBarActions>
          <Button onClick={() => void retry()}>
            <Trans>Try again</Trans>
          </Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}
