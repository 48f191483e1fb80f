import type { SharerState } from "@handrail/sharer";
import { begin } from "@handrail/sign-in";
import { t } from "@lingui/core/macro";
import { HERE } from "./sign-in.ts";
import { Button } from "./ui.tsx";

type Fault = NonNullable<NonNullable<SharerState["end"]>["fault"]>;

/** The sign-in that a rule asks for, if one would do (SPEC 6.8). */
export function StepUp({ fault }: { readonly fault: Fault }) {
  if (fault.stepUp === undefined) return null;
  return <Button press={() => void begin(HERE, "usual", fault.stepUp)}>{t`Sign in again`}</Button>;
}
