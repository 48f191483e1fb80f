import { Badge, MessageBar, MessageBarBody } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client.ts";
import { Link } from "../../ui/link.tsx";
import { Page } from "../../ui/page.tsx";
import { Needs } from "../needs.tsx";
import { PAGES } from "../permissions.ts";
import { accessRules, groupNames } from "../queries.ts";
import { type AccessRule, canLockOut } from "../rule.ts";
import { ButtonLink } from "../ui/button-link.tsx";
import { Empty } from "../ui/empty.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { DeleteButton, Remove } from "../ui/remove.tsx";
import { Table } from "../ui/table.tsx";
import { useNames } from "../words.ts";
import { RuleWords } from "./words.tsx";

type Rule = AccessRule & { readonly id: string };

/** What a sign-in has to be like. */
export function AccessPage() {
  const { t } = useLingui();
  const query = useQuery(accessRules);
  return (
    <Needs title={t`Conditional access`} any={PAGES["/admin/access"]}>
      <Page
        title={t`Conditional access`}
        lead={<Trans>What a sign-in has to be like: how, how long ago, and from where. All rules hold together.</Trans>}
        action={
          <ButtonLink primary to="/admin/access/$id" params={{ id: "new" }}>
            <Trans>New rule</Trans>
          </ButtonLink>
        }
      >
        <Loaded query={query}>
          {(rules) => (
            <>
              {rules.some(canLockOut) && <LockOut />}
              {rules.length === 0 ? (
                <Empty title={t`There is no rule`}>
                  <Trans>Every sign-in that your sign-in service accepts is good enough.</Trans>
                </Empty>
              ) : (
                <Rules rules={rules} />
              )}
            </>
          )}
        </Loaded>
      </Page>
    </Needs>
  );
}

/** That a rule holds for administrators, too. */
export function LockOut() {
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        <Trans>
          A rule that is asked at the sign-in holds for administrators, too: it can lock you out of this console. The
          way back is the relay's computer alone.
        </Trans>
      </MessageBarBody>
    </MessageBar>
  );
}

function Rules({ rules }: { readonly rules: readonly Rule[] }) {
  const { t } = useLingui();
  const names = useNames();
  const groups = useQuery(groupNames("people"));
  const [leaving, setLeaving] = useState<Rule | null>(null);
  const columns = [
    {
      head: t`Rule`,
      cell: (rule: Rule) => (
        <>
          <Link to="/admin/access/$id" params={{ id: rule.id }}>
            <bdi>{rule.name}</bdi>
          </Link>
          {canLockOut(rule) && (
            <div>
              <Badge appearance="tint" color="warning">
                <Trans>Can lock out</Trans>
              </Badge>
            </div>
          )}
        </>
      ),
    },
    {
      head: t`Whom it is about`,
      cell: ({ groups: ids = [] }: Rule) =>
        ids.length === 0 ? (
          <Trans>Everybody</Trans>
        ) : (
          <bdi>{names.list(ids.map((id) => groups.data?.get(id) ?? id))}</bdi>
        ),
    },
    { head: t`What it asks`, cell: (rule: Rule) => <RuleWords rule={rule} /> },
    { head: t`When it is asked`, cell: ({ moments }: Rule) => names.list(moments.map(names.moment)) },
    {
      head: t`Actions`,
      cell: (rule: Rule) => <DeleteButton name={rule.name} press={() => setLeaving(rule)} />,
    },
  ];
  return (
    <>
      <Table label={t`Conditional access`} columns={columns} rows={rules} id={({ id }) => id} />
      {leaving !== null && <Delete rule={leaving} close={() => setLeaving(null)} />}
    </>
  );
}

function Delete({ rule, close }: { readonly rule: Rule; readonly close: () => void }) {
  const { t } = useLingui();
  const { id, name } = rule;
  return (
    <Remove
      title={
        <Trans>
          Delete the rule <bdi>{name}</bdi>?
        </Trans>
      }
      send={() => api.DELETE("/api/v1/access-rules/{id}", { params: { path: { id } } })}
      done={t`The rule “${name}” is deleted.`}
      at="/admin/access"
      close={close}
    >
      <Trans>Sign-ins that it refused are accepted again at once.</Trans>
    </Remove>
  );
}
