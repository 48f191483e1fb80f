import { Badge, Button } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client.ts";
import { useFormat } from "../../ui/format.ts";
import { Page } from "../../ui/page.tsx";
import { Panel } from "../../ui/panel.tsx";
import { Needs } from "../needs.tsx";
import { PAGES } from "../permissions.ts";
import { type Token, tokenList } from "../queries.ts";
import { Copy } from "../ui/copy.tsx";
import { Empty } from "../ui/empty.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Remove } from "../ui/remove.tsx";
import { Table } from "../ui/table.tsx";
import { useNames } from "../words.ts";
import { NewToken } from "./new.tsx";

/** With what programs come. */
export function TokensPage() {
  const { t } = useLingui();
  const query = useQuery(tokenList);
  const [isMaking, setMaking] = useState(false);
  return (
    <Needs title={t`Tokens`} any={PAGES["/admin/tokens"]}>
      <Page
        title={t`Tokens`}
        lead={
          <Trans>
            With a token a program uses the relay without a person: to bring people by SCIM, or to report on devices.
          </Trans>
        }
        action={
          <Button appearance="primary" onClick={() => setMaking(true)}>
            <Trans>New token</Trans>
          </Button>
        }
      >
        <Loaded query={query}>
          {(tokens) =>
            tokens.length === 0 ? (
              <Empty title={t`There is no token`}>
                <Trans>Programs cannot use the relay yet.</Trans>
              </Empty>
            ) : (
              <Rows tokens={tokens} />
            )
          }
        </Loaded>
        <Panel title={<Trans>Address for SCIM</Trans>}>
          <span>
            <Trans>Type it into your directory together with a SCIM token.</Trans>
          </span>
          <Copy text={`${location.origin}/scim/v2`} label={t`Copy the SCIM address`} />
        </Panel>
        {isMaking && <NewToken close={() => setMaking(false)} />}
      </Page>
    </Needs>
  );
}

function Rows({ tokens }: { readonly tokens: readonly Token[] }) {
  const { t } = useLingui();
  const format = useFormat();
  const names = useNames();
  const [leaving, setLeaving] = useState<Token | null>(null);
  const isOver = ({ revoked, expires }: Token) => revoked !== null || Date.parse(expires) <= Date.now();
  const columns = [
    { head: t`Name`, cell: ({ name }: Token) => <bdi>{name}</bdi> },
    { head: t`Kind`, cell: ({ kind }: Token) => names.token(kind) },
    {
      head: t`Permissions`,
      cell: ({ permissions }: Token) => names.list(permissions.map(names.permission)) || "–",
    },
    {
      head: t`Last used`,
      cell: ({ last_used: used }: Token) => (used === null ? <Trans>Never</Trans> : format.date(used)),
    },
    { head: t`Expires`, cell: ({ expires }: Token) => format.date(expires) },
    {
      head: t`State`,
      cell: (token: Token) =>
        isOver(token) ? (
          <Badge appearance="tint" color="informative">
            {token.revoked === null ? <Trans>Expired</Trans> : <Trans>Revoked</Trans>}
          </Badge>
        ) : (
          <Button size="small" aria-label={t`Revoke ${token.name}`} onClick={() => setLeaving(token)}>
            <Trans>Revoke</Trans>
          </Button>
        ),
    },
  ];
  return (
    <>
      <Table label={t`Tokens`} columns={columns} rows={tokens} id={({ id }) => id} />
      {leaving !== null && <Revoke token={leaving} close={() => setLeaving(null)} />}
    </>
  );
}

function Revoke({ token, close }: { readonly token: Token; readonly close: () => void }) {
  const { t } = useLingui();
  const { id, name } = token;
  return (
    <Remove
      title={
        <Trans>
          Revoke the token <bdi>{name}</bdi>?
        </Trans>
      }
      act={<Trans>Revoke</Trans>}
      send={() => api.DELETE("/api/v1/tokens/{id}", { params: { path: { id } } })}
      done={t`The token “${name}” is revoked.`}
      at="/admin/tokens"
      close={close}
    >
      <Trans>The program that has it is refused from now on. This cannot be undone; make a new token instead.</Trans>
    </Remove>
  );
}
