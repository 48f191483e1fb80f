import { Trans } from "@lingui/react/macro";
import { useFormat } from "../../ui/format.ts";
import { type AccessRule, type Clause, clauses } from "../rule.ts";
import { useNames } from "../words.ts";

/** What a rule of conditional access asks, in words. */
export function RuleWords({ rule }: { readonly rule: AccessRule }) {
  const all = clauses(rule);
  if (all.length === 0) return <Trans>It asks for nothing.</Trans>;
  return all.map((clause) => (
    <div key={clause.kind}>
      <ClauseWords clause={clause} />
    </div>
  ));
}

function ClauseWords({ clause }: { readonly clause: Clause }) {
  const names = useNames();
  const format = useFormat();
  switch (clause.kind) {
    case "methods":
      return (
        <Trans>
          The sign-in was by <bdi>{names.either(clause.words)}</bdi>.
        </Trans>
      );
    case "age":
      return <Trans>The sign-in is no older than {format.length(clause.minutes * 60)}.</Trans>;
    case "allowed":
      return (
        <Trans>
          The address is in <bdi>{names.either(clause.words.map(isolated))}</bdi>.
        </Trans>
      );
    case "denied":
      return (
        <Trans>
          The address is not in <bdi>{names.either(clause.words.map(isolated))}</bdi>.
        </Trans>
      );
    case "device":
      return <Trans>The device of the person who is helped is compliant.</Trans>;
  }
}

/** An address that reads from left to right in every text. */
function isolated(network: string): string {
  return `\u2066${network}\u2069`;
}
