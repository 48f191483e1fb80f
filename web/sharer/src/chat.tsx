import type { SharerState } from "@handrail/sharer";
import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import { useEffect, useRef, useState } from "preact/hooks";

interface Props {
  readonly state: SharerState;
  readonly send: (text: string) => void;
}

/** The chat: one thread, in any script, that nobody keeps. */
export function Chat({ state, send }: Props) {
  const { chat, helpers } = state;
  const log = useRef<HTMLDivElement>(null);
  const [text, setText] = useState("");
  useEffect(() => log.current?.scrollTo(0, log.current.scrollHeight), [chat.length]);
  const submit = (event: Event) => {
    event.preventDefault();
    if (text.trim() === "") return;
    send(text);
    setText("");
  };
  return (
    <section className="chat" aria-label={t`Chat`}>
      <h2>{t`Chat`}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
      <div className="log" role="log" aria-live="polite" aria-label={t`Lines`} ref={log} tabIndex={0}>
        {chat.map(({ id, mine, helper, text: line, at }) => (
          <div key={`${mine} ${helper} ${id}`} className={mine ? "line mine" : "line"}>
            <span className="quiet">
              {mine ? t`You` : <bdi>{helper ?? helpers[0]?.card.name}</bdi>} ·{" "}
              {i18n.date(new Date(at), { timeStyle: "short" })}
            </span>
            <p dir="auto">{line}</p>
          </div>
        ))}
      </div>
      <form onSubmit={submit}>
        <label htmlFor="message">{t`Message`}</label>
        <input
          id="message"
          dir="auto"
          autoComplete="off"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit">{t`Send`}</button>
      </form>
    </section>
  );
}
