import type { Notice } from "@handrail/sharer";
import { t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import { FaultText } from "./fault/fault.tsx";
import { StepUp } from "./step-up.tsx";
import { Page } from "./ui.tsx";

interface Props {
  readonly notice: Notice | null;
  readonly join: (code: string) => void;
}

/** Where the eight digits are typed. What they are is judged by the session, not by the field. */
export function CodeEntry({ notice, join }: Props) {
  const [code, setCode] = useState("");
  const fault = notice?.fault;
  const submit = (event: Event) => {
    event.preventDefault();
    join(code);
  };
  return (
    <Page title={t`Share your screen`}>
      <p>{t`Your helper reads out a code of 8 digits. Type it here. Nobody sees anything before you allow it.`}</p>
      <form onSubmit={submit}>
        <label htmlFor="code">{t`Code`}</label>
        <input
          id="code"
          className="code"
          inputMode="numeric"
          autoComplete="off"
          spellcheck={false}
          dir="ltr"
          value={code}
          aria-describedby={fault && "code-fault"}
          aria-invalid={fault !== undefined}
          onInput={(event) => setCode(event.currentTarget.value)}
        />
        <button type="submit" className="primary">{t`Go on`}</button>
      </form>
      {fault && (
        <div className="fault" id="code-fault" role="alert">
          <p>
            <FaultText fault={fault} />
          </p>
          <StepUp fault={fault} />
        </div>
      )}
      <p className="quiet">{t`Helpers never ask for your password. In a browser they can look, never type or click.`}</p>
    </Page>
  );
}
