import { Sharing } from "@handrail/sharer";
import { t } from "@lingui/core/macro";
import { useEffect, useState } from "preact/hooks";
import { CodeEntry } from "./code.tsx";
import { Ended } from "./ended.tsx";
import { Meeting } from "./meeting.tsx";
import { type Person, signOut, ticket } from "./sign-in.ts";
import { Button, Waiting } from "./ui.tsx";

function begin(): Sharing {
  const sharing = new Sharing();
  void sharing.open({ relay: new URL(location.origin), ticket });
  return sharing;
}

/** One session after the other, each by a code of its own. */
export function Share({ person }: { readonly person: Person }) {
  const [sharing, setSharing] = useState(begin);
  const [state, setState] = useState(sharing.state);
  useEffect(() => {
    setState(sharing.state);
    return sharing.subscribe(() => setState(sharing.state));
  }, [sharing]);
  const isRunning = state.phase === "meeting" || state.phase === "live";
  useEffect(() => {
    const ask = (event: Event) => {
      if (isRunning) event.preventDefault();
    };
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [isRunning]);
  return (
    <>
      <header>
        <strong>Handrail</strong>
        <span>
          {t`Signed in as`} <bdi>{person.name}</bdi>
        </span>
        {!isRunning && <Button press={() => void signOut()}>{t`Use another account`}</Button>}
      </header>
      <Stage sharing={sharing} state={state} again={() => setSharing(begin())} />
    </>
  );
}

interface Props {
  readonly sharing: Sharing;
  readonly state: Sharing["state"];
  readonly again: () => void;
}

function Stage({ sharing, state, again }: Props) {
  switch (state.phase) {
    case "connecting":
      return <Waiting title={t`Connecting…`} />;
    case "code":
      return <CodeEntry notice={state.notice} join={(code) => sharing.join(code)} />;
    case "checking":
      return <Waiting title={t`Security check…`} />;
    case "meeting":
    case "live":
      return <Meeting sharing={sharing} state={state} />;
    case "ended":
      return <Ended fault={state.end?.fault ?? null} again={again} />;
  }
}
