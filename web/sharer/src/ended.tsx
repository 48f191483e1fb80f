import type { SharerState } from "@handrail/sharer";
import { t } from "@lingui/core/macro";
import { FaultText } from "./fault/fault.tsx";
import { StepUp } from "./step-up.tsx";
import { Button, Page } from "./ui.tsx";

interface Props {
  readonly fault: NonNullable<SharerState["end"]>["fault"];
  readonly again: () => void;
}

/** The session is over, and nothing is shared any more. */
export function Ended({ fault, again }: Props) {
  return (
    <Page title={t`The session has ended`}>
      <p>{fault === null ? t`You ended it. Nothing is shared any more.` : <FaultText fault={fault} />}</p>
      {fault !== null && <StepUp fault={fault} />}
      <Button primary press={again}>{t`Type another code`}</Button>
    </Page>
  );
}
