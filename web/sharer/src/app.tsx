import { missing } from "@handrail/sharer";
import { t } from "@lingui/core/macro";
import { useEffect, useState } from "preact/hooks";
import { Share } from "./share.tsx";
import { arrive, type Person } from "./sign-in.ts";
import { Trouble } from "./trouble.tsx";
import { Page, Waiting } from "./ui.tsx";

/** The page: signs the person in, then shares. */
export function App() {
  const lacks = missing();
  return lacks.length > 0 ? <Lacking lacks={lacks} /> : <Door />;
}

function Door() {
  const [person, setPerson] = useState<Person | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    arrive().then(setPerson, setError);
  }, []);
  if (error !== null) return <Trouble error={error} />;
  return person === null ? <Waiting title={t`Going to your organisation's sign-in…`} /> : <Share person={person} />;
}

/** Stands for the page in a browser that cannot share. */
function Lacking({ lacks }: { readonly lacks: readonly string[] }) {
  return (
    <Page title={t`This browser cannot share your screen`}>
      <p>{t`Use a current version of Chromium, Edge, Firefox or Safari on a computer. This one lacks:`}</p>
      <ul>
        {lacks.map((one) => (
          <li key={one}>
            <bdi>{one}</bdi>
          </li>
        ))}
      </ul>
    </Page>
  );
}
