import { Body1, Button, makeStyles, tokens } from "@fluentui/react-components";
import { begin, bindings, forgetPerson } from "@handrail/sign-in";
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState, useSyncExternalStore } from "react";
import { answered, api, type Me, RefusedError } from "../api/client.ts";
import { me as meQuery } from "../api/queries.ts";
import { SignInTrouble } from "../sign-in/trouble.tsx";
import { Failure } from "../ui/failure.tsx";
import { Page } from "../ui/page.tsx";
import { Waiting } from "../ui/waiting.tsx";
import { forgetSecret, hasSecret, onSecret, readSecret } from "./secret.ts";

const useStyles = makeStyles({
  row: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalM },
  all: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL },
});

/** `/first`: the one-time link that makes somebody an administrator. */
export function FirstPage() {
  const { t } = useLingui();
  const styles = useStyles();
  const isInvited = useSyncExternalStore(onSecret, hasSecret);
  return (
    <Page title={t`Become administrator`} narrow>
      <div className={styles.all}>{isInvited ? <Invited /> : <NotInvited />}</div>
    </Page>
  );
}

function NotInvited() {
  return (
    <>
      <Body1>
        <Trans>
          This page needs the one-time link of an invitation. In this tab there is none, or it was used already.
        </Trans>
      </Body1>
      <HowToInvite />
    </>
  );
}

function HowToInvite() {
  return (
    <Body1>
      <Trans>
        On the relay's computer, <code dir="ltr">handrail-relay user invite-admin</code> prints a new link. It works
        once and for 15 minutes.
      </Trans>
    </Body1>
  );
}

function Invited() {
  const { t } = useLingui();
  const { data, error, refetch } = useQuery(meQuery);
  const [trouble, setTrouble] = useState<unknown>(null);
  if (trouble !== null) return <SignInTrouble error={trouble} />;
  if (data !== undefined && error === null) return <Redeem me={data} failed={setTrouble} />;
  if (error instanceof RefusedError && error.status === 401) {
    return (
      <Step
        text={<Trans>You were invited to become an administrator. First sign in, so that the relay knows you.</Trans>}
      >
        <Button appearance="primary" onClick={() => void begin("/first", "usual").catch(setTrouble)}>
          <Trans>Sign in</Trans>
        </Button>
      </Step>
    );
  }
  return error === null ? <Waiting label={t`Loading…`} /> : <Failure error={error} retry={refetch} />;
}

function Redeem({ me, failed }: { readonly me: Me; readonly failed: (error: unknown) => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const redeem = useMutation({
    mutationFn: () => answered(api.POST("/api/v1/first-administrator", { body: { secret: readSecret() } })),
    onSuccess: async (now) => {
      client.setQueryData(meQuery.queryKey, now);
      await navigate({ to: "/admin", replace: true });
      forgetSecret();
    },
  });
  const other = async () => {
    await answered(api.DELETE("/api/v1/sign-in"));
    await bindings.forget();
    forgetPerson();
    await begin("/first", "choose");
  };
  const isUsed = redeem.error instanceof RefusedError && redeem.error.status === 404;
  return (
    <Step
      text={
        <Trans>
          You are signed in as <bdi>{me.name}</bdi>. You become administrator of{" "}
          <strong>
            <bdi>{me.organisation}</bdi>
          </strong>
          .
        </Trans>
      }
      more={
        <Trans>
          You can then turn remote help on and decide who may help whom. It does not let you see anybody's screen. The
          link is used up, and the audit log keeps your name.
        </Trans>
      }
    >
      {redeem.error !== null && !isUsed && <Failure error={redeem.error} />}
      {isUsed && (
        <div role="alert">
          <Body1>
            <Trans>This invitation is not valid any more: it was used, or it is older than 15 minutes.</Trans>
          </Body1>
          <HowToInvite />
        </div>
      )}
      <Buttons>
        <Button appearance="primary" disabled={redeem.isPending} onClick={() => redeem.mutate()}>
          <Trans>Become administrator</Trans>
        </Button>
        <Button onClick={() => void other().catch(failed)}>
          <Trans>Use another account</Trans>
        </Button>
      </Buttons>
    </Step>
  );
}

interface StepProps {
  readonly text: ReactNode;
  readonly more?: ReactNode;
  readonly children: ReactNode;
}

function Step({ text, more, children }: StepProps) {
  return (
    <>
      <Body1>{text}</Body1>
      {more && <Body1>{more}</Body1>}
      {children}
    </>
  );
}

function Buttons({ children }: { readonly children: ReactNode }) {
  return <div className={useStyles().row}>{children}</div>;
}
