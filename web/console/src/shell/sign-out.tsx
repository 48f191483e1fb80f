import { Button } from "@fluentui/react-components";
import { bindings, forgetPerson } from "@handrail/sign-in";
import { Trans } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { answered, api } from "../api/client.ts";
import { me } from "../api/queries.ts";

/** Ends the sign-in of this browser at the relay. Sessions go on. */
export function SignOut() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const leave = async () => {
    await answered(api.DELETE("/api/v1/sign-in")).catch(() => {});
    await bindings.forget().catch(() => {});
    forgetPerson();
    await navigate({ to: "/signed-out" });
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== me.queryKey[0] });
    await client.resetQueries({ queryKey: me.queryKey });
  };
  return (
    <Button onClick={() => void leave()}>
      <Trans>Sign out</Trans>
    </Button>
  );
}
