import { Checkbox, Field, Input, makeStyles, Textarea, tokens } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { answered, api } from "../../api/client.ts";
import { NotFound } from "../../pages/not-found.tsx";
import { Page } from "../../ui/page.tsx";
import { Panel } from "../../ui/panel.tsx";
import { useChange } from "../change.ts";
import { Needs } from "../needs.tsx";
import { linesOf, wrongNetwork } from "../network.ts";
import { PAGES } from "../permissions.ts";
import { accessRules } from "../queries.ts";
import { type AccessRule, canLockOut, clauses } from "../rule.ts";
import { Editor, useDraft } from "../ui/editor.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { GroupPicker } from "../ui/picker.tsx";
import { useNames } from "../words.ts";
import { LockOut } from "./page.tsx";
import { RuleWords } from "./words.tsx";

const useStyles = makeStyles({
  columns: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr) minmax(0, 1fr)",
    gap: tokens.spacingHorizontalXL,
    alignItems: "start",
    "@media (max-width: 800px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  group: { margin: 0, padding: 0, border: "none", display: "flex", flexDirection: "column" },
  legend: { padding: 0 },
});

const MOMENTS = ["sign-in", "create", "join", "renew"];
const NEW: AccessRule = { name: "", moments: ["create", "join", "renew"] };
/** A month: what is older is no limit. */
const MOST_MINUTES = 60 * 24 * 31;

/** One rule of conditional access, or a new one. */
export function AccessRulePage() {
  const { t } = useLingui();
  const { id } = useParams({ from: "/own/admin/access/$id" });
  const query = useQuery({ ...accessRules, refetchOnWindowFocus: false });
  return (
    <Needs title={t`Rule of conditional access`} any={PAGES["/admin/access"]}>
      <Loaded query={query}>
        {(rules) => {
          const rule = id === "new" ? NEW : rules.find((one) => one.id === id);
          return rule === undefined ? (
            <NotFound />
          ) : (
            <Page title={id === "new" ? t`New rule of conditional access` : t`Rule: ${rule.name}`}>
              <Form key={id} id={id} rule={rule} />
            </Page>
          );
        }}
      </Loaded>
    </Needs>
  );
}

/** The rule as it is typed. */
function textsOf(rule: AccessRule) {
  const { name, moments, groups = [], methods = [], max_age: age, allowed = [], denied = [] } = rule;
  return {
    name,
    moments,
    groups,
    methods: methods.join("\n"),
    minutes: typeof age === "number" ? String(Math.round(age / 60)) : "",
    allowed: allowed.join("\n"),
    denied: denied.join("\n"),
    device: rule.compliant_device ?? false,
  };
}

type Texts = ReturnType<typeof textsOf>;

function ruleOf({ name, moments, groups, methods, minutes, allowed, denied, device }: Texts): AccessRule {
  return {
    name,
    moments: MOMENTS.filter((one) => moments.includes(one)),
    groups,
    methods: linesOf(methods),
    max_age: minutes.trim() === "" ? null : Number(minutes) * 60,
    allowed: linesOf(allowed),
    denied: linesOf(denied),
    compliant_device: device,
  };
}

function isAge(minutes: string): boolean {
  return (
    minutes.trim() === "" || (/^\d+$/.test(minutes.trim()) && Number(minutes) > 0 && Number(minutes) <= MOST_MINUTES)
  );
}

function Form({ id, rule }: { readonly id: string; readonly rule: AccessRule }) {
  const { t } = useLingui();
  const { draft, put, isDirty } = useDraft(textsOf(rule));
  const now = ruleOf(draft);
  const change = useChange((body: AccessRule) =>
    id === "new"
      ? answered(api.POST("/api/v1/access-rules", { body }))
      : answered(api.PUT("/api/v1/access-rules/{id}", { params: { path: { id } }, body })),
  );
  const isRight = wrongNetwork(draft.allowed) === null && wrongNetwork(draft.denied) === null && isAge(draft.minutes);
  return (
    <Editor
      back="/admin/access"
      isDirty={isDirty}
      isWhole={draft.name.trim() !== "" && isRight && now.moments.length > 0 && clauses(now).length > 0}
      save={() => change.mutateAsync(now)}
      change={change}
      saved={
        <Trans>
          The rule <bdi>{draft.name}</bdi> is saved. It holds from now on.
        </Trans>
      }
    >
      <Panel label={t`What it is called`}>
        <Field label={t`Name`} required hint={t`Whoever is refused reads it.`}>
          <Input value={draft.name} dir="auto" maxLength={100} onChange={(_, data) => put({ name: data.value })} />
        </Field>
      </Panel>
      <When draft={draft} put={put} />
      <Asks draft={draft} put={put} />
      <Panel title={<Trans>What this means</Trans>}>
        {canLockOut(now) && <LockOut />}
        <div role="status">{isRight && <RuleWords rule={now} />}</div>
      </Panel>
    </Editor>
  );
}

interface PartProps {
  readonly draft: Texts;
  readonly put: (part: Partial<Texts>) => void;
}

function When({ draft, put }: PartProps) {
  const styles = useStyles();
  const { t } = useLingui();
  const names = useNames();
  return (
    <Panel title={<Trans>For whom and when</Trans>}>
      <div className={styles.columns}>
        <GroupPicker
          kind="people"
          label={t`Groups of people`}
          hint={t`Empty: everybody.`}
          chosen={draft.groups}
          choose={(groups) => put({ groups: [...groups] })}
        />
        <fieldset className={styles.group}>
          <legend className={styles.legend}>
            <Trans>It is asked</Trans>
          </legend>
          {MOMENTS.map((one) => (
            <Checkbox
              key={one}
              label={names.moment(one)}
              checked={draft.moments.includes(one)}
              onChange={(_, { checked }) =>
                put({
                  moments: checked === true ? [...draft.moments, one] : draft.moments.filter((word) => word !== one),
                })
              }
            />
          ))}
        </fieldset>
      </div>
    </Panel>
  );
}

function Asks({ draft, put }: PartProps) {
  const styles = useStyles();
  const { t } = useLingui();
  return (
    <Panel title={<Trans>What it asks</Trans>}>
      <div className={styles.columns}>
        <Field
          label={t`Ways of signing in`}
          hint={t`One a line: words of “acr” or “amr” of your sign-in service, such as “mfa”. One of them is enough.`}
        >
          <Textarea dir="ltr" value={draft.methods} onChange={(_, { value }) => put({ methods: value })} />
        </Field>
        <Field
          label={t`Oldest sign-in, in minutes`}
          hint={t`Empty: any age.`}
          {...(!isAge(draft.minutes) && { validationMessage: t`A whole number of minutes, at most 31 days.` })}
        >
          <Input
            inputMode="numeric"
            dir="ltr"
            value={draft.minutes}
            onChange={(_, { value }) => put({ minutes: value })}
          />
        </Field>
        <Networks label={t`Allowed networks`} value={draft.allowed} put={(allowed) => put({ allowed })} />
        <Networks label={t`Denied networks`} value={draft.denied} put={(denied) => put({ denied })} />
      </div>
      <Checkbox
        label={t`The device of the person who is helped has to be compliant`}
        checked={draft.device}
        onChange={(_, { checked }) => put({ device: checked === true })}
      />
    </Panel>
  );
}

interface NetworksProps {
  readonly label: string;
  readonly value: string;
  readonly put: (value: string) => void;
}

function Networks({ label, value, put }: NetworksProps) {
  const { t } = useLingui();
  const wrong = wrongNetwork(value);
  const line = wrong?.line ?? "";
  const message =
    wrong?.fault === "address"
      ? t`“${line}” does not begin with an address such as 10.0.0.0 or 2001:db8::.`
      : t`“${line}” needs a slash and the number of leading bits, such as /24: at most 32, or 128 with IPv6.`;
  return (
    <Field
      label={label}
      hint={t`One a line, such as 10.0.0.0/8 or 2001:db8::/32.`}
      {...(wrong !== null && { validationMessage: message })}
    >
      <Textarea dir="ltr" value={value} onChange={(_, data) => put(data.value)} />
    </Field>
  );
}
