// What is copied: plain text for whoever has to help.

import type { Finding } from "./finding.ts";
import type { Step } from "./steps.ts";
import { found, remedy, title, word } from "./texts.ts";

/** A step that is over. */
export interface Done {
  readonly step: Step;
  readonly finding: Finding;
}

export function report(done: readonly Done[], when: Date): string {
  const lines = done.flatMap(({ step, finding }) => {
    const todo = remedy(finding.code);
    const line = `${word(finding.state)} | ${title(step.name)}: ${found(finding)}`;
    return todo === null ? [line] : [line, `    -> ${todo}`];
  });
  return [`Handrail ${location.origin}`, when.toISOString(), navigator.userAgent, "", ...lines, ""].join("\n");
}
