import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";

type Words = { readonly [word: string]: MessageDescriptor };

const LEVELS: Words = {
  view: msg`View screen`,
  control: msg`Full control`,
  elevation: msg`Elevation`,
  unattended: msg`Unattended control`,
};

const REASONS: Words = {
  helper_left: msg`The helper left`,
  sharer_left: msg`The sharer left`,
  helper_lost: msg`The helper's connection broke`,
  sharer_lost: msg`The sharer's connection broke`,
  handed_over: msg`Handed over to a colleague`,
  relay_lost: msg`The relay was stopped`,
  declined: msg`The sharer declined`,
  timed_out: msg`There was no answer`,
  drained: msg`The relay restarted`,
  slow: msg`One side could not keep up`,
  revoked: msg`The permission was taken away`,
  error: msg`Something failed`,
};

const OUTCOMES: Words = { solved: msg`Solved`, unsolved: msg`Not solved`, escalated: msg`Passed on` };

const NOTHING = "–";

/** The names of levels in the person's language; a dash for none. */
export function useLevelName(): (level: string | null) => string {
  return useWords(LEVELS);
}

/** Why a session ended. */
export function useReasonName(): (reason: string | null) => string {
  return useWords(REASONS);
}

/** What came of a session. */
export function useOutcomeName(): (outcome: string | null) => string {
  return useWords(OUTCOMES);
}

function useWords(words: Words): (word: string | null) => string {
  const { i18n } = useLingui();
  return (word) => {
    if (word === null) return NOTHING;
    const known = words[word];
    return known === undefined ? word : i18n._(known);
  };
}
