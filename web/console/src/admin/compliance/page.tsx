import { makeStyles } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client.ts";
import { Link } from "../../ui/link.tsx";
import { Page } from "../../ui/page.tsx";
import { Needs } from "../needs.tsx";
import { PAGES } from "../permissions.ts";
import { type ComplianceRule, complianceRules } from "../queries.ts";
import { ButtonLink } from "../ui/button-link.tsx";
import { Empty } from "../ui/empty.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { DeleteButton, Remove } from "../ui/remove.tsx";
import { ScopeWords } from "../ui/scope.tsx";
import { Table } from "../ui/table.tsx";
import { useNames } from "../words.ts";

const useStyles = makeStyles({ list: { margin: 0, padding: 0, listStyleType: "none" } });

/** What the state of a device does to a session. */
export function CompliancePage() {
  const { t } = useLingui();
  const query = useQuery(complianceRules);
  return (
    <Needs title={t`Compliance rules`} any={PAGES["/admin/compliance"]}>
      <Page
        title={t`Compliance rules`}
        lead={
          <Trans>What happens when a device is not as it should be. Without a rule, the helper is only warned.</Trans>
        }
        action={
          <ButtonLink primary to="/admin/compliance/$id" params={{ id: "new" }}>
            <Trans>New rule</Trans>
          </ButtonLink>
        }
      >
        <Loaded query={query}>
          {(rules) =>
            rules.length === 0 ? (
              <Empty title={t`There is no compliance rule`}>
                <Trans>Helpers are warned about devices that are not compliant, out of date or not enrolled.</Trans>
              </Empty>
            ) : (
              <Rules rules={rules} />
            )
          }
        </Loaded>
      </Page>
    </Needs>
  );
}

function Rules({ rules }: { readonly rules: readonly ComplianceRule[] }) {
  const styles = useStyles();
  const { t } = useLingui();
  const names = useNames();
  const [leaving, setLeaving] = useState<ComplianceRule | null>(null);
  const columns = [
    {
      head: t`Rule`,
      cell: ({ id, name }: ComplianceRule) => (
        <Link to="/admin/compliance/$id" params={{ id }}>
          <bdi>{name}</bdi>
        </Link>
      ),
    },
    { head: t`Covers`, cell: ({ scope }: ComplianceRule) => <ScopeWords scope={scope} /> },
    {
      head: t`What it does`,
      cell: ({ actions }: ComplianceRule) => (
        <ul className={styles.list}>
          {Object.entries(actions).map(([state, action]) => (
            <li key={state}>{t`${names.compliance(state)}: ${names.action(action)}`}</li>
          ))}
        </ul>
      ),
    },
    {
      head: t`Actions`,
      cell: (rule: ComplianceRule) => <DeleteButton name={rule.name} press={() => setLeaving(rule)} />,
    },
  ];
  return (
    <>
      <Table label={t`Compliance rules`} columns={columns} rows={rules} id={({ id }) => id} />
      {leaving !== null && <Delete rule={leaving} close={() => setLeaving(null)} />}
    </>
  );
}

function Delete({ rule, close }: { readonly rule: ComplianceRule; readonly close: () => void }) {
  const { t } = useLingui();
  const { id, name } = rule;
  return (
    <Remove
      title={
        <Trans>
          Delete the rule <bdi>{name}</bdi>?
        </Trans>
      }
      send={() => api.DELETE("/api/v1/compliance-rules/{id}", { params: { path: { id } } })}
      done={t`The rule “${name}” is deleted.`}
      at="/admin/compliance"
      close={close}
    >
      <Trans>What it refused is possible again at once, unless another rule refuses it.</Trans>
    </Remove>
  );
}
