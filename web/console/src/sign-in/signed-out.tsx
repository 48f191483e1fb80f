import { Body1, Button } from "@fluentui/react-components";
import { begin } from "@handrail/sign-in";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Page } from "../ui/page.tsx";
import { SignInTrouble } from "./trouble.tsx";

/** After a person signed out. */
export function SignedOut() {
  const { t } = useLingui();
  const [error, setError] = useState<unknown>(null);
  if (error !== null) return <SignInTrouble error={error} />;
  return (
    <Page title={t`You are signed out`} narrow>
      <Body1>
        <Trans>You may still be signed in at your organisation's sign-in service.</Trans>
      </Body1>
      <div>
        <Button appearance="primary" onClick={() => void begin("/", "choose").catch(setError)}>
          <Trans>Sign in</Trans>
        </Button>
      </div>
    </Page>
  );
}
