import { Button, MessageBar, MessageBarActions, MessageBarBody } from "@fluentui/react-components";
import { Trans } from "@lingui/react/macro";
import { RefusedError } from "../../api/client.ts";
import { FaultText } from "../../fault/fault.tsx";

interface Props {
  readonly error: unknown;
  readonly retry?: () => unknown;
}

/** Faults whose sentence is general: what exactly is wrong, the relay says in English. */
const GENERAL = ["RH-1218", "RH-1804", "RH-1805", "RH-1806"];

/** A request that did not work, with the relay's own words where they say more. */
export function Failed({ error, retry }: Props) {
  const known = error instanceof RefusedError ? error : new RefusedError(0, "RH-1506", String(error));
  return (
    <MessageBar intent="error" layout="multiline" role="alert">
      <MessageBarBody>
        <FaultText fault={{ code: known.code, text: known.message }} />
        {GENERAL.includes(known.code) && (
          <>
            {" "}
            <Trans>
              The relay says: <bdi lang="en">{known.message}</bdi>
            </Trans>
          </>
        )}
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
