import { t } from "@lingui/core/macro";
import { useEffect, useState } from "preact/hooks";
import { Button, Page } from "../ui.tsx";
import { type Finding, type State, worst } from "./finding.ts";
import { type Done, report } from "./report.ts";
import { run, STEPS, type Step } from "./steps.ts";
import { found, remedy, title, word } from "./texts.ts";

/** Runs every step, one after the other, and shows each as it ends. */
export function ConnectTest() {
  const [round, setRound] = useState(0);
  const [done, setDone] = useState<readonly Done[]>([]);
  useEffect(() => {
    let isOver = false;
    const all = async () => {
      for (const step of STEPS) {
        const finding = await run(step);
        if (isOver) return;
        setDone((before) => [...before, { step, finding }]);
      }
    };
    void all();
    return () => {
      isOver = true;
    };
  }, [round]);
  const again = () => {
    setDone([]);
    setRound(round + 1);
  };
  const isRunning = done.length < STEPS.length;
  return (
    <Page title={t`Test of the connection`}>
      <p>{t`This page looks whether remote help would work from this browser. Nobody signs in, and nothing is shared.`}</p>
      <p role="status">
        <strong>{isRunning ? t`The test runs…` : summary(worst(done.map(({ finding }) => finding)))}</strong>
      </p>
      <ol className="steps">
        {STEPS.map((step) => (
          <Line key={step.name} step={step} finding={done.find((one) => one.step === step)?.finding ?? null} />
        ))}
      </ol>
      <div className="row">
        <Copy done={done} isOff={isRunning} />
        <Button press={again} isOff={isRunning}>
          {t`Run the test again`}
        </Button>
      </div>
    </Page>
  );
}

function Line({ step, finding }: { readonly step: Step; readonly finding: Finding | null }) {
  const state = finding?.state ?? "running";
  const todo = finding === null ? null : remedy(finding.code);
  return (
    <li className="step" data-step={step.name} data-state={state} data-code={finding?.code}>
      <span className="mark" aria-hidden="true">
        {MARKS[state]}
      </span>
      <div>
        <h2>
          {title(step.name)}
          <span className="unseen"> ({word(state)})</span>
        </h2>
        {finding !== null && <p>{found(isolated(finding))}</p>}
        {todo !== null && <p className="remedy">{todo}</p>}
      </div>
    </li>
  );
}

/** What stands in a sentence keeps its own direction. */
function isolated(finding: Finding): Finding {
  return { ...finding, value: `\u2068${finding.value}\u2069` };
}

/** Copies the report; where the browser does not let it, shows it to be marked and copied by hand. */
function Copy({ done, isOff }: { readonly done: readonly Done[]; readonly isOff: boolean }) {
  const [copied, setCopied] = useState<"no" | "yes" | "by hand">("no");
  const [text, setText] = useState("");
  const copy = () => {
    const written = report(done, new Date());
    setText(written);
    navigator.clipboard.writeText(written).then(
      () => setCopied("yes"),
      () => setCopied("by hand"),
    );
  };
  return (
    <>
      <Button primary press={copy} isOff={isOff}>
        {t`Copy the report`}
      </Button>
      <p role="status" className="copied">
        {copied === "yes" ? t`Copied.` : ""}
      </p>
      {copied === "by hand" && <textarea readOnly rows={12} aria-label={t`Report`} value={text} />}
    </>
  );
}

function summary(state: State): string {
  switch (state) {
    case "good":
      return t`Everything works.`;
    case "look":
      return t`Remote help works from this browser. Something can be better.`;
    case "bad":
      return t`Something does not work: see below what to do.`;
  }
}

const MARKS = { good: "✓", look: "!", bad: "✕", running: "…" } as const;
