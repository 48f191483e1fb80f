import { Field, Input, MessageBar, MessageBarBody, makeStyles, Select, tokens } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { answered, api } from "../../api/client.ts";
import { NotFound } from "../../pages/not-found.tsx";
import { Page } from "../../ui/page.tsx";
import { Panel } from "../../ui/panel.tsx";
import { useChange } from "../change.ts";
import { Needs } from "../needs.tsx";
import { PAGES } from "../permissions.ts";
import { type ComplianceRule, complianceRules, type Scope } from "../queries.ts";
import { covers } from "../rule.ts";
import { Editor, useDraft } from "../ui/editor.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { ScopeFields, tidy } from "../ui/scope.tsx";
import { useNames } from "../words.ts";

const useStyles = makeStyles({
  columns: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(240px, 1fr))",
    gap: tokens.spacingHorizontalL,
  },
});

const STATES = ["not_compliant", "stale", "not_enrolled"];
const ACTIONS = ["warn", "require_ack", "view_only", "block"];
const NEW: ComplianceRule = { id: "new", name: "", scope: {}, actions: {} };

/** One compliance rule, or a new one. */
export function ComplianceRulePage() {
  const { t } = useLingui();
  const { id } = useParams({ from: "/own/admin/compliance/$id" });
  const query = useQuery({ ...complianceRules, refetchOnWindowFocus: false });
  return (
    <Needs title={t`Compliance rule`} any={PAGES["/admin/compliance"]}>
      <Loaded query={query}>
        {(rules) => {
          const rule = id === "new" ? NEW : rules.find((one) => one.id === id);
          return rule === undefined ? (
            <NotFound />
          ) : (
            <Page title={id === "new" ? t`New compliance rule` : t`Compliance rule: ${rule.name}`}>
              <Form key={id} rule={rule} />
            </Page>
          );
        }}
      </Loaded>
    </Needs>
  );
}

function Form({ rule }: { readonly rule: ComplianceRule }) {
  const styles = useStyles();
  const { t } = useLingui();
  const names = useNames();
  const { id, name, scope, actions } = rule;
  const { draft, put, isDirty } = useDraft<{ name: string; scope: Scope; actions: { [state: string]: string } }>({
    name,
    scope,
    actions,
  });
  const change = useChange((body: typeof draft) =>
    id === "new"
      ? answered(api.POST("/api/v1/compliance-rules", { body }))
      : answered(api.PUT("/api/v1/compliance-rules/{id}", { params: { path: { id } }, body })),
  );
  const blocks = Object.values(draft.actions).some((one) => one === "block" || one === "view_only");
  return (
    <Editor
      back="/admin/compliance"
      isDirty={isDirty}
      isWhole={draft.name.trim() !== "" && covers(draft.scope).length > 0}
      save={() => change.mutateAsync({ ...draft, scope: tidy(draft.scope) })}
      change={change}
      saved={
        <Trans>
          The rule <bdi>{draft.name}</bdi> is saved. It holds from now on.
        </Trans>
      }
    >
      <Panel label={t`What it is called`}>
        <Field label={t`Name`} required hint={t`Helpers read it when the rule refuses something.`}>
          <Input value={draft.name} dir="auto" maxLength={100} onChange={(_, data) => put({ name: data.value })} />
        </Field>
      </Panel>
      <Panel title={<Trans>Whom and what it covers</Trans>}>
        <ScopeFields scope={draft.scope} put={(next) => put({ scope: next })} />
      </Panel>
      <Panel title={<Trans>What happens when the device is …</Trans>}>
        <div className={styles.columns}>
          {STATES.map((state) => (
            <Field key={state} label={names.compliance(state)}>
              <Select
                value={draft.actions[state] ?? "warn"}
                onChange={(_, { value }) => put({ actions: { ...draft.actions, [state]: value } })}
              >
                {ACTIONS.map((one) => (
                  <option key={one} value={one}>
                    {names.action(one)}
                  </option>
                ))}
              </Select>
            </Field>
          ))}
        </div>
        {blocks && (
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>
              <Trans>
                Sessions that go on and that the rule does not allow lose their level, or end, when you save.
              </Trans>
            </MessageBarBody>
          </MessageBar>
        )}
      </Panel>
    </Editor>
  );
}
