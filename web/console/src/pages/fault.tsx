import { Body1, Subtitle1 } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { useParams } from "@tanstack/react-router";
import { PAGES } from "../fault/pages.ts";
import { SENTENCES } from "../fault/sentences.ts";
import { Link } from "../ui/link.tsx";
import { Page } from "../ui/page.tsx";
import { NotFound } from "./not-found.tsx";

/** What a number of a message means, for everybody, signed in or not. */
export function FaultPage() {
  const { i18n } = useLingui();
  const { code } = useParams({ from: "/help/$code" });
  const [page, sentence] = [PAGES[code.toUpperCase()], SENTENCES[code.toUpperCase()]];
  if (page === undefined || sentence === undefined) return <NotFound />;
  return (
    <Page title={code.toUpperCase()} narrow>
      <Body1>
        <strong>{i18n._(sentence)}</strong>
      </Body1>
      <section>
        <Subtitle1 as="h2">
          <Trans>What happened</Trans>
        </Subtitle1>
        <p>{i18n._(page.happened)}</p>
      </section>
      <section>
        <Subtitle1 as="h2">
          <Trans>What to do</Trans>
        </Subtitle1>
        <p>{i18n._(page.advice)}</p>
      </section>
      <div>
        <Link to="/help">
          <Trans>All messages</Trans>
        </Link>
      </div>
    </Page>
  );
}
