import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "../ui/link.tsx";
import { SENTENCES } from "./sentences.ts";

/** What the relay or the viewer says when something did not work. */
export interface Told {
  readonly code: string;
  /** The English sentence, for a code that the catalogue does not know. */
  readonly text: string;
  /** What administrators call the rule that led to it. */
  readonly rule?: string;
}

/** Makes the sentence of a fault in the person's language. */
export function useSentence(): (fault: Told) => string {
  const { i18n } = useLingui();
  return ({ code, text }) => {
    const sentence = SENTENCES[code];
    return sentence === undefined ? text : i18n._(sentence);
  };
}

/** The sentence of a fault with its rule and the link to its page. */
export function FaultText({ fault }: { readonly fault: Told }) {
  const sentence = useSentence();
  return (
    <>
      {sentence(fault)} <RuleName rule={fault.rule} /> <FaultLink code={fault.code} />
    </>
  );
}

/** What administrators call the rule; nothing without a name. */
export function RuleName({ rule }: { readonly rule: string | undefined }) {
  return rule === undefined ? null : (
    <Trans>
      Rule: <bdi>{rule}</bdi>.
    </Trans>
  );
}

/** Opens beside the page, so that no session is left. */
export function FaultLink({ code }: { readonly code: string }) {
  const { t } = useLingui();
  return (
    <Link to="/help/$code" params={{ code }} target="_blank" aria-label={t`${code}: what to do (opens a new tab)`}>
      {code}
    </Link>
  );
}
