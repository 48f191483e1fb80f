import { Button, MessageBar, MessageBarActions, MessageBarBody, makeStyles, tokens } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { useRef } from "react";
import { useLevelName } from "../ui/words.ts";
import { Chat } from "./chat.tsx";
import { ComplianceBar } from "./compliance.tsx";
import { hasControl } from "./helpers.tsx";
import { toggleFullScreen, useLiveView } from "./live-view.ts";
import { AnswerTime } from "./question.tsx";
import type { OpenSession } from "./sessions.ts";
import type { Shortcut } from "./shortcut.ts";
import { SessionToolbar } from "./toolbar.tsx";
import { useSessionState } from "./use.ts";
import { Viewport } from "./viewport.tsx";

const useStyles = makeStyles({
  all: { display: "flex", flexDirection: "column", flex: "1 1 0", minHeight: 0, minWidth: 0 },
  middle: {
    display: "flex",
    flex: "1 1 0",
    minHeight: 0,
    minWidth: 0,
    "@media (max-width: 700px)": { flexDirection: "column" },
  },
  bars: { display: "grid", rowGap: tokens.spacingVerticalXXS },
});

/** The keys of Ctrl+Alt+Del, which no browser lets through. */
export const SECURE_ATTENTION = ["ControlLeft", "AltLeft", "Delete"];

/** A session with a level: toolbar, screen, chat. */
export function Live({ open }: { readonly open: OpenSession }) {
  const styles = useStyles();
  const view = useLiveView();
  const toolbar = useRef<HTMLDivElement>(null);
  const { session } = open;
  const { mayChat } = useSessionState(session);
  const shortcut = (one: Shortcut) => {
    const { level, outputs } = session.state;
    const isControl = level !== "view";
    switch (one.does) {
      case "release":
        toolbar.current?.querySelector<HTMLElement>("button:not([tabindex='-1'])")?.focus();
        return;
      case "full_screen":
        void toggleFullScreen().catch(() => {});
        return;
      case "chat":
        if (mayChat) view.setChat(!view.isChat);
        return;
      case "laser":
        view.setLaser(!view.isLaser);
        return;
      case "mode":
        if (isControl || session.state.levels.includes("control")) session.ask(isControl ? "view" : "control");
        return;
      case "secure_attention":
        if (isControl) session.chord(SECURE_ATTENTION);
        return;
      case "monitor": {
        const output = outputs[one.number - 1];
        if (output !== undefined) session.showOutput(output.id);
      }
    }
  };
  return (
    <div className={styles.all}>
      <SessionToolbar open={open} view={view} place={toolbar} />
      <Bars open={open} />
      <div className={styles.middle}>
        <Viewport open={open} size={view.size} laser={view.laser} shortcut={shortcut} />
        {view.isChat && mayChat && <Chat open={open} close={() => view.setChat(false)} />}
      </div>
    </div>
  );
}

/** What lasts: a pause, a question without an answer. */
function Bars({ open }: { readonly open: OpenSession }) {
  const styles = useStyles();
  const { t } = useLingui();
  const name = useLevelName();
  const { paused, question, level, helpers, away, card } = useSessionState(open.session);
  const other = helpers.find((one) => !one.isMe && hasControl(one));
  return (
    <section className={styles.bars} aria-label={t`State of the session`} aria-live="polite">
      <ComplianceBar open={open} />
      {away !== null && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            {away === "here" ? (
              <Trans>Your connection was lost and is being restored. The session goes on by itself.</Trans>
            ) : (
              <Trans>
                The connection of <bdi>{card?.name}</bdi> was lost. The session goes on by itself when it is back.
              </Trans>
            )}
          </MessageBarBody>
        </MessageBar>
      )}
      {paused && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <Trans>The other person paused: nothing is shown and nothing is typed until they go on.</Trans>
          </MessageBarBody>
        </MessageBar>
      )}
      {other !== undefined && (
        <MessageBar intent="info">
          <MessageBarBody>
            <Trans>
              <bdi>{other.name}</bdi> has control now. Only one helper can have it.
            </Trans>
          </MessageBarBody>
        </MessageBar>
      )}
      {question !== null && question.level !== level && (
        <MessageBar intent="info">
          <MessageBarBody>
            <Trans>Waiting for the answer: {name(question.level)}.</Trans> <AnswerTime until={question.until} />
          </MessageBarBody>
          <MessageBarActions>
            <Button onClick={() => open.session.ask("view")}>
              <Trans>Stay with view</Trans>
            </Button>
          </MessageBarActions>
        </MessageBar>
      )}
    </section>
  );
}
