import { Button, MessageBar, MessageBarActions, MessageBarBody } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { type Me, RefusedError } from "../api/client.ts";
import { me as meQuery } from "../api/queries.ts";
import { useSessionList } from "../session/use.ts";
import { Failure } from "../ui/failure.tsx";
import { Page } from "../ui/page.tsx";
import { Waiting } from "../ui/waiting.tsx";
import { begin } from "./flow.ts";
import { SignInTrouble } from "./trouble.tsx";

/** The person of the page; only below `Guard`. */
export function useMe(): Me {
  const { data } = useQuery(meQuery);
  if (data === undefined) throw new Error("nobody is signed in");
  return data;
}

/** Shows its children to a person who is signed in; everybody else goes to the provider and comes back to this address. */
export function Guard({ children }: { readonly children: ReactNode }) {
  const { t } = useLingui();
  const { data, error, refetch } = useQuery(meQuery);
  const isExpired = error instanceof RefusedError && error.status === 401;
  const hasSessions = useSessionList().some((one) => one.isPaired);
  if (isExpired && hasSessions && data !== undefined) {
    return (
      <>
        <Expired />
        {children}
      </>
    );
  }
  if (isExpired) return <ToProvider />;
  if (data !== undefined) return children;
  if (error === null) return <Waiting label={t`Loading…`} />;
  return (
    <Page title={t`The relay does not answer`} narrow>
      <Failure error={error} retry={refetch} />
    </Page>
  );
}

/** A redirect would end the sessions of this window: the sign-in opens beside it. */
function Expired() {
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        <Trans>Your sign-in has expired. Sessions that run go on.</Trans>
      </MessageBarBody>
      <MessageBarActions>
        <Button as="a" href="/" target="_blank">
          <Trans>Sign in in a new tab</Trans>
        </Button>
      </MessageBarActions>
    </MessageBar>
  );
}

function ToProvider() {
  const { t } = useLingui();
  const { href } = useLocation();
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    begin(href, false).catch(setError);
  }, [href]);
  return error === null ? (
    <Waiting label={t`Going to your organisation's sign-in…`} />
  ) : (
    <SignInTrouble error={error} />
  );
}
