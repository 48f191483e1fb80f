import { Text } from "@fluentui/react-components";
import { Trans } from "@lingui/react/macro";
import { useFormat } from "../ui/format.ts";
import { useNow } from "../ui/now.ts";

/** How long the other person has for an answer. */
export function AnswerTime({ until }: { readonly until: number }) {
  const format = useFormat();
  const now = useNow(1000);
  return (
    <Text role="timer" aria-live="off">
      <Trans>{format.clock(until - now)} left</Trans>
    </Text>
  );
}
