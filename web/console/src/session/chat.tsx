import {
  Button,
  Caption1,
  Field,
  makeStyles,
  mergeClasses,
  Subtitle2,
  Textarea,
  tokens,
} from "@fluentui/react-components";
import { DismissRegular } from "@fluentui/react-icons";
import type { ChatLine } from "@handrail/viewer";
import { Trans, useLingui } from "@lingui/react/macro";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useFormat } from "../ui/format.ts";
import type { OpenSession } from "./sessions.ts";
import { useSessionState } from "./use.ts";

const useStyles = makeStyles({
  panel: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalS,
    boxSizing: "border-box",
    width: "320px",
    padding: tokens.spacingHorizontalM,
    backgroundColor: tokens.colorNeutralBackground1,
    borderInlineStartWidth: "1px",
    borderInlineStartStyle: "solid",
    borderInlineStartColor: tokens.colorNeutralStroke2,
    minHeight: 0,
    "@media (max-width: 700px)": { width: "100%", flex: "1 1 240px" },
  },
  title: { margin: 0 },
  head: { display: "flex", justifyContent: "space-between", alignItems: "center" },
  log: {
    flex: "1 1 0",
    minHeight: "80px",
    overflowY: "auto",
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalS,
  },
  line: {
    alignSelf: "start",
    maxWidth: "90%",
    padding: tokens.spacingHorizontalS,
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground4,
    overflowWrap: "anywhere",
  },
  mine: { alignSelf: "end", backgroundColor: tokens.colorBrandBackground2 },
  text: { margin: 0, whiteSpace: "pre-wrap", textAlign: "start" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** Bytes of a line (protocol/SPEC.md 16). */
const MOST = 65536;

interface Props {
  readonly open: OpenSession;
  readonly close: () => void;
}

/** The chat: one thread, in any script, that nobody keeps. */
export function Chat({ open, close }: Props) {
  const styles = useStyles();
  const { t } = useLingui();
  const { chat, card } = useSessionState(open.session);
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    open.readLines = chat.length;
    if (end.current !== null) end.current.scrollTop = end.current.scrollHeight;
  }, [open, chat.length]);
  return (
    <section className={styles.panel} aria-label={t`Chat`}>
      <div className={styles.head}>
        <Subtitle2 as="h2" className={styles.title}>
          <Trans>Chat</Trans>
        </Subtitle2>
        <Button appearance="subtle" icon={<DismissRegular />} aria-label={t`Close the chat`} onClick={close} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
      <div className={styles.log} role="log" aria-live="polite" aria-label={t`Lines`} ref={end} tabIndex={0}>
        {chat.map((line) => (
          <Line key={`${line.mine} ${line.id}`} line={line} name={card?.name ?? ""} />
        ))}
      </div>
      <Write send={(text) => open.session.chat(text)} />
    </section>
  );
}

function Line({ line, name }: { readonly line: ChatLine; readonly name: string }) {
  const styles = useStyles();
  const { time } = useFormat();
  return (
    <div className={mergeClasses(styles.line, line.mine && styles.mine)}>
      <Caption1 className={styles.quiet}>
        {line.mine ? <Trans>You</Trans> : <bdi>{line.helper ?? name}</bdi>} · {time(line.at)}
      </Caption1>
      <p className={styles.text} dir="auto">
        {line.text}
      </p>
    </div>
  );
}

function Write({ send }: { readonly send: (text: string) => void }) {
  const { t } = useLingui();
  const [text, setText] = useState("");
  const isLong = new TextEncoder().encode(text).length > MOST;
  const submit = () => {
    if (text.trim() === "" || isLong) return;
    send(text);
    setText("");
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };
  return (
    <>
      <Field
        label={t`Message`}
        hint={t`Enter sends, Shift+Enter starts a new line.`}
        {...(isLong && { validationMessage: t`A line has at most 65536 bytes.` })}
      >
        <Textarea value={text} rows={2} dir="auto" onChange={(_, { value }) => setText(value)} onKeyDown={press} />
      </Field>
      <Button appearance="primary" onClick={submit} disabled={isLong}>
        <Trans>Send</Trans>
      </Button>
    </>
  );
}
