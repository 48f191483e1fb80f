import type { Question as Asked, Helper } from "@handrail/sharer";
import { t } from "@lingui/core/macro";
import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "./ui.tsx";

interface Props {
  readonly helper: Helper;
  readonly question: Asked;
  readonly hasScreen: boolean;
  /** With the text that the person read. */
  readonly allow: (shown: string) => void;
  readonly decline: () => void;
}

/** A helper asks to see the screen. Nobody can allow it before there was time to read who asks. */
export function Question({ helper, question, hasScreen, allow, decline }: Props) {
  const wait = useSecondsUntil(question.allowFrom);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [question.serial]);
  const name = helper.card.name;
  const asks = t`${name} asks to see your screen.`;
  const means = t`They can look and point, never type or click. You can stop at any time.`;
  const first = t`This person never helped you in this browser before. Did you ask your IT for help yourself? If somebody called you unasked, decline.`;
  const shown = [asks, means, ...(helper.isFirstContact ? [first] : [])].join("\n");
  return (
    <section className="question" aria-label={t`Question`}>
      <h3 ref={heading} tabIndex={-1}>
        {asks}
      </h3>
      <p>{means}</p>
      {helper.isFirstContact && (
        <p className="warning" role="alert">
          {first}
        </p>
      )}
      {!hasScreen && <p>{t`After “Allow” the browser asks what to share: the whole screen, a window or a tab.`}</p>}
      <div className="row">
        <Button primary isOff={wait > 0} press={() => allow(shown)}>
          {wait > 0 ? t`Allow (in ${wait} s)` : t`Allow`}
        </Button>
        <Button press={decline}>{t`Decline`}</Button>
      </div>
    </section>
  );
}

/** Whole seconds until a moment of `performance.now()`, at least 0. */
function useSecondsUntil(moment: number): number {
  const left = () => Math.max(0, Math.ceil((moment - performance.now()) / 1000));
  const [seconds, setSeconds] = useState(left);
  useEffect(() => {
    setSeconds(left());
    const timer = setInterval(() => {
      setSeconds(left());
      if (left() === 0) clearInterval(timer);
    }, 100);
    return () => clearInterval(timer);
  }, [moment]);
  return seconds;
}
