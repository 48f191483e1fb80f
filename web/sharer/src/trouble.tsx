import { begin, RefusedError, SignInError } from "@handrail/sign-in";
import { t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import { FaultText } from "./fault/fault.tsx";
import { HERE } from "./sign-in.ts";
import { Button, Page } from "./ui.tsx";

/** A sign-in that did not work: why, and the way on. */
export function Trouble({ error }: { readonly error: unknown }) {
  const [again, setAgain] = useState<unknown>(null);
  const shown = again ?? error;
  const stepUp = shown instanceof RefusedError ? (shown.stepUp ?? undefined) : undefined;
  return (
    <Page title={t`Signing in did not work`}>
      <p>{why(shown)}</p>
      <p>
        <FaultText fault={{ code: codeOf(shown), text: "" }} />
      </p>
      <Button primary press={() => void begin(HERE, "usual", stepUp).catch(setAgain)}>
        {t`Sign in again`}
      </Button>
    </Page>
  );
}

function why(error: unknown): string {
  switch (error instanceof SignInError ? error.trouble : null) {
    case "state":
      return t`This sign-in does not belong to this window. Nobody was signed in.`;
    case "denied":
      return t`Handrail needs to know who you are. Nobody was signed in.`;
    case "clock":
      return t`The clock of this computer is wrong. Set it, then sign in again.`;
    case "storage":
      return t`This browser does not let the page keep the keys of your sign-in. Use a window that is not private.`;
    default:
      return "";
  }
}

function codeOf(error: unknown): string {
  if (error instanceof RefusedError) return error.code;
  if (!(error instanceof SignInError)) return "RH-1506";
  if (error.trouble === "provider") return "RH-1701";
  return error.trouble === "refused" || error.trouble === "clock" ? "RH-1702" : "RH-1703";
}
