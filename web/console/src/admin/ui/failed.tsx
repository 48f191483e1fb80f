import { Trans } from "@lingui/react/macro";
import { Failure } from "../../ui/failure.tsx";

interface Props {
  readonly error: unknown;
  readonly retry?: () => unknown;
}

/** Faults whose sentence is general: what exactly is wrong, the relay says in English. */
const GENERAL = ["RH-1218", "RH-1804", "RH-1805", "RH-1806"];

/** A request that did not work, with the relay's own words where they say more. */
export function Failed({ error, retry }: Props) {
  return (
    <Failure
      error={error}
      retry={retry}
      more={({ code, message }) =>
        GENERAL.includes(code) && (
          <>
            {" "}
            <Trans>
              The relay says: <bdi lang="en">{message}</bdi>
            </Trans>
          </>
        )
      }
    />
  );
}
