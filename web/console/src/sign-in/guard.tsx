import { Button, MessageBar, MessageBarActions, MessageBarBody } from "@fluentui/react-components";
import { type Asking, begin, SignInError } from "@handrail/sign-in";
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
import { isBound } from "./bindings.ts";
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
  if (isExpired) return <ToProvider asking="usual" />;
  if (data !== undefined) return <Bound me={data}>{children}</Bound>;
  if (error === null) return <Waiting label={t`Loading…`} />;
  return (
    <Page title={t`The relay does not answer`} narrow>
      <Failure error={error} retry={refetch} />
    </Page>
  );
}

/** A session needs keys that the sign-in is bound to. Without them the person signs in again, and is asked nothing if possible. */
function Bound({ me, children }: { readonly me: Me; readonly children: ReactNode }) {
  const { t } = useLingui();
  const { data, isError } = useQuery(isBound(me));
  const hasSessions = useSessionList().some((one) => one.isPaired);
  if (data === true) return children;
  if (isError) return <SignInTrouble error={new SignInError("storage", "/")} />;
  if (data === undefined) return <Waiting label={t`Loading…`} />;
  if (!hasSessions) return <ToProvider asking="silent" />;
  return (
    <>
      <Expired />
      {children}
    </>
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

function ToProvider({ asking }: { readonly asking: Asking }) {
  const { t } = useLingui();
  const { href } = useLocation();
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    begin(href, asking).catch(setError);
  }, [href, asking]);
  return error === null ? (
    <Waiting label={t`Going to your organisation's sign-in…`} />
  ) : (
    <SignInTrouble error={error} />
  );
}
