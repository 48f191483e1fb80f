import { Field, Input, makeStyles, Select, Textarea, tokens } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { answered, api } from "../../api/client.ts";
import { NotFound } from "../../pages/not-found.tsx";
import { Page } from "../../ui/page.tsx";
import { Panel } from "../../ui/panel.tsx";
import { useRested } from "../../ui/rested.ts";
import { useChange } from "../change.ts";
import { Needs, useHeld } from "../needs.tsx";
import { implied, mayGive, PAGES } from "../permissions.ts";
import { type Assignment, type AssignmentSaid, assignments, preview, type Role, roles } from "../queries.ts";
import { Editor, useDraft } from "../ui/editor.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { GroupPicker, PeoplePicker } from "../ui/picker.tsx";
import { ScopeFields, tidy } from "../ui/scope.tsx";
import { useNames } from "../words.ts";
import { CoverageView } from "./coverage.tsx";

const useStyles = makeStyles({
  columns: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr) minmax(0, 1fr)",
    gap: tokens.spacingHorizontalXL,
    alignItems: "start",
    "@media (max-width: 800px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  quiet: { color: tokens.colorNeutralForeground2 },
});

const NEW = { name: "", description: "", role: "", groups: [], people: [], scope: {} };

/** One assignment, or a new one. */
export function AssignmentPage() {
  const { t } = useLingui();
  const { id } = useParams({ from: "/own/admin/assignments/$id" });
  const all = useQuery({ ...assignments, refetchOnWindowFocus: false });
  const known = useQuery(roles);
  const title = id === "new" ? t`New assignment` : t`Assignment`;
  const one = all.data?.find((assignment) => assignment.id === id && assignment.source === "store");
  const begun = id === "new" ? NEW : one;
  return (
    <Needs title={title} any={PAGES["/admin/assignments"]}>
      <Loaded query={known}>
        {(allRoles) => (
          <Loaded query={all}>
            {() =>
              begun === undefined ? (
                <NotFound />
              ) : (
                <Page title={one === undefined ? title : t`Assignment: ${one.name}`}>
                  <Form key={id} id={id} begun={saidOf(begun)} roles={allRoles} />
                </Page>
              )
            }
          </Loaded>
        )}
      </Loaded>
    </Needs>
  );
}

type Said = Required<AssignmentSaid>;

function saidOf({ name, description, role, groups, people, scope }: Said | Assignment): Said {
  return { name, description, role, groups, people, scope };
}

interface Props {
  readonly id: string;
  readonly begun: Said;
  readonly roles: readonly Role[];
}

function Form({ id, begun, roles: all }: Props) {
  const styles = useStyles();
  const { t } = useLingui();
  const { draft, put, isDirty } = useDraft(begun);
  const said = { ...draft, scope: tidy(draft.scope) };
  const { role, groups, people: single, scope } = useRested(said);
  const covered = useQuery({
    ...preview({ name: "preview", role, groups, people: single, scope }),
    enabled: role !== "",
    placeholderData: keepPreviousData,
  });
  const people = new Map(covered.data?.helpers.first.map(({ id: who, name }) => [who, name]));
  const change = useChange((body: AssignmentSaid) =>
    id === "new"
      ? answered(api.POST("/api/v1/assignments", { body }))
      : answered(api.PUT("/api/v1/assignments/{id}", { params: { path: { id } }, body })),
  );
  return (
    <Editor
      back="/admin/assignments"
      isDirty={isDirty}
      isWhole={draft.name.trim() !== "" && draft.role !== ""}
      save={() => change.mutateAsync(said)}
      change={change}
      saved={
        <Trans>
          The assignment <bdi>{draft.name}</bdi> is saved. It holds from now on.
        </Trans>
      }
    >
      <Panel title={<Trans>What it is</Trans>}>
        <div className={styles.columns}>
          <Field label={t`Name`} required>
            <Input value={draft.name} dir="auto" maxLength={100} onChange={(_, data) => put({ name: data.value })} />
          </Field>
          <RoleField role={draft.role} all={all} choose={(role) => put({ role })} />
        </div>
        <Field label={t`Description (optional)`}>
          <Textarea
            value={draft.description}
            dir="auto"
            maxLength={500}
            rows={2}
            onChange={(_, data) => put({ description: data.value })}
          />
        </Field>
      </Panel>
      <Panel title={<Trans>Who holds the role</Trans>}>
        <div className={styles.columns}>
          <GroupPicker
            kind="people"
            label={t`Groups of helpers`}
            chosen={draft.groups}
            choose={(groups) => put({ groups: [...groups] })}
          />
          <PeoplePicker
            label={t`Single people`}
            chosen={draft.people}
            names={people}
            choose={(ids) => put({ people: [...ids] })}
          />
        </div>
      </Panel>
      <Panel title={<Trans>Whom and what it covers</Trans>}>
        <ScopeFields scope={draft.scope} put={(scope) => put({ scope })} />
      </Panel>
      <Panel title={<Trans>What this means</Trans>}>
        {draft.role === "" ? (
          <span className={styles.quiet}>
            <Trans>Choose a role to see whom and what the assignment covers.</Trans>
          </span>
        ) : (
          <Loaded query={covered}>{(coverage) => <CoverageView coverage={coverage} />}</Loaded>
        )}
      </Panel>
    </Editor>
  );
}

interface RoleProps {
  readonly role: string;
  readonly all: readonly Role[];
  readonly choose: (role: string) => void;
}

function RoleField({ role, all, choose }: RoleProps) {
  const { t } = useLingui();
  const names = useNames();
  const held = useHeld();
  const chosen = all.find((one) => one.id === role);
  const lacks = (one: Role) => implied(one.permissions).some((word) => !mayGive(held, word));
  const hint = chosen === undefined ? t`What the people may do.` : names.list(chosen.permissions.map(names.permission));
  return (
    <Field label={t`Role`} required hint={hint}>
      <Select value={role} onChange={(_, data) => choose(data.value)}>
        <option value="">{t`Choose a role`}</option>
        {all.map((one) => (
          <option key={one.id} value={one.id} disabled={lacks(one)}>
            {lacks(one) ? t`${one.name} (more than you hold)` : one.name}
          </option>
        ))}
      </Select>
    </Field>
  );
}
