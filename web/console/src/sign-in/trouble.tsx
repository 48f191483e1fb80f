import { Body1, Button, Caption1 } from "@fluentui/react-components";
import { begin, SignInError, type Trouble } from "@handrail/sign-in";
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { RefusedError } from "../api/client.ts";
import { FaultLink, useSentence } from "../fault/fault.tsx";
import { Failure } from "../ui/failure.tsx";
import { Page } from "../ui/page.tsx";

const SAYS: Record<
  Trouble,
  { readonly title: MessageDescriptor; readonly text: MessageDescriptor; readonly code: string }
> = {
  state: {
    title: msg`This sign-in does not belong to this window`,
    text: msg`It was begun in another window, or long ago. Nothing was signed in. Start it again here.`,
    code: "RH-1703",
  },
  denied: {
    title: msg`You did not allow the sign-in`,
    text: msg`Handrail needs to know who you are. Nothing was signed in.`,
    code: "RH-1703",
  },
  provider: {
    title: msg`The sign-in service does not answer`,
    text: msg`Your organisation's sign-in service cannot be reached from this browser. Try again in a moment.`,
    code: "RH-1701",
  },
  clock: {
    title: msg`The clocks do not agree`,
    text: msg`The clock of this computer and that of the sign-in service differ by more than two minutes. Set this computer's clock, then sign in again.`,
    code: "RH-1702",
  },
  storage: {
    title: msg`This browser keeps nothing`,
    text: msg`Handrail keeps the keys of your sign-in in this browser, and it does not let pages keep anything. Use a window that is not private, or allow this site to store data.`,
    code: "RH-1703",
  },
  refused: {
    title: msg`The sign-in was not accepted`,
    text: msg`Sign in again. If it happens again, tell an administrator.`,
    code: "RH-1702",
  },
};

/** A sign-in that did not work: why, and the way on. */
export function SignInTrouble({ error }: { readonly error: unknown }) {
  const { i18n, t } = useLingui();
  const sentence = useSentence();
  const [again, setAgain] = useState<unknown>(null);
  const shown = again ?? error;
  const returnTo = shown instanceof SignInError ? shown.returnTo : "/";
  const retry = () => begin(returnTo, "usual").catch(setAgain);
  if (!(shown instanceof SignInError)) {
    const code = shown instanceof RefusedError ? shown.code : "RH-1506";
    return (
      <Page title={t`Signing in did not work`} narrow key={code}>
        <Failure error={shown} retry={retry} />
      </Page>
    );
  }
  const { title, text, code } = SAYS[shown.trouble];
  return (
    <Page title={i18n._(title)} narrow key={shown.trouble}>
      <Body1>{i18n._(text)}</Body1>
      <div>
        <Button appearance="primary" onClick={() => void retry()}>
          <Trans>Sign in again</Trans>
        </Button>
      </div>
      <Caption1>
        {sentence({ code, text: "" })} <FaultLink code={code} />
      </Caption1>
    </Page>
  );
}
