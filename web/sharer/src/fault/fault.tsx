import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import { SENTENCES } from "./sentences.ts";

/** What the relay or the session says when something did not work. */
export interface Told {
  readonly code: string;
  /** The English sentence, for a code that the catalogue does not know. */
  readonly text: string;
  /** What administrators call the rule that led to it. */
  readonly rule?: string;
}

/** The sentence of a fault with its rule and the link to its page, which opens beside this one. */
export function FaultText({ fault }: { readonly fault: Told }) {
  const { code, text, rule } = fault;
  const sentence = SENTENCES[code];
  return (
    <>
      {sentence === undefined ? text : i18n._(sentence)}{" "}
      {rule !== undefined && (
        <>
          {t`Rule:`} <bdi>{rule}</bdi>{" "}
        </>
      )}
      <a href={`/help/${code}`} target="_blank" rel="noreferrer" aria-label={t`${code}: what to do (opens a new tab)`}>
        {code}
      </a>
    </>
  );
}
