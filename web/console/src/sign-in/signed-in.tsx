import { Body1, Button, makeStyles, tokens } from "@fluentui/react-components";
import { begin, bindings, finish, forgetPerson, lastPerson, rememberPerson } from "@handrail/sign-in";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { answered, api, type Me } from "../api/client.ts";
import { me as meQuery } from "../api/queries.ts";
import { Page } from "../ui/page.tsx";
import { Waiting } from "../ui/waiting.tsx";
import { isBound } from "./bindings.ts";
import { SignInTrouble } from "./trouble.tsx";

const useStyles = makeStyles({ row: { display: "flex", gap: tokens.spacingHorizontalM, flexWrap: "wrap" } });

/** Where the provider sends the browser back to. */
export function SignedIn() {
  const { t } = useLingui();
  const client = useQueryClient();
  const navigate = useNavigate();
  const done = useQuery({
    queryKey: ["signed-in", location.search],
    queryFn: () => finish<Me>(new URLSearchParams(location.search)),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    // The code is good once: a second try could only fail.
    refetchOnMount: false,
  });
  const last = lastPerson();
  const isOther =
    done.data !== undefined &&
    last !== null &&
    (last.subject !== done.data.me.subject || last.issuer !== done.data.me.issuer);
  const goOn = async (me: Me, returnTo: string) => {
    rememberPerson(me);
    client.setQueryData(meQuery.queryKey, me);
    client.setQueryData(isBound(me).queryKey, true);
    await navigate({ href: returnTo, replace: true });
  };
  useEffect(() => {
    if (done.data !== undefined && !isOther) void goOn(done.data.me, done.data.returnTo);
  });
  if (done.isError) return <SignInTrouble error={done.error} />;
  if (done.data === undefined || !isOther) return <Waiting label={t`Signing in…`} />;
  const { me, returnTo } = done.data;
  return <OtherPerson before={last.name} now={me.name} goOn={() => goOn(me, returnTo)} returnTo={returnTo} />;
}

interface Props {
  readonly before: string;
  readonly now: string;
  readonly goOn: () => Promise<void>;
  readonly returnTo: string;
}

/** Somebody else than the last time: told, and left to the person. */
function OtherPerson({ before, now, goOn, returnTo }: Props) {
  const styles = useStyles();
  const { t } = useLingui();
  const change = async () => {
    await answered(api.DELETE("/api/v1/sign-in"));
    await bindings.forget();
    forgetPerson();
    await begin(returnTo, "choose");
  };
  return (
    <Page title={t`You signed in with another account`} narrow>
      <Body1>
        <Trans>
          The last person in this browser was <bdi>{before}</bdi>. Now you are signed in as <bdi>{now}</bdi>.
        </Trans>
      </Body1>
      <div className={styles.row}>
        <Button appearance="primary" onClick={() => void goOn()}>
          <Trans>
            Go on as <bdi>{now}</bdi>
          </Trans>
        </Button>
        <Button onClick={() => void change().catch(() => location.assign("/"))}>
          <Trans>Use another account</Trans>
        </Button>
      </div>
    </Page>
  );
}
