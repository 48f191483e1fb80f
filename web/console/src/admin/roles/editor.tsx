import { Field, Input, MessageBar, MessageBarBody, makeStyles, Textarea, tokens } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { answered, api } from "../../api/client.ts";
import { NotFound } from "../../pages/not-found.tsx";
import { Page } from "../../ui/page.tsx";
import { Panel } from "../../ui/panel.tsx";
import { useChange } from "../change.ts";
import { Needs, useHeld } from "../needs.tsx";
import { implied, PAGES } from "../permissions.ts";
import { type Role, roles } from "../queries.ts";
import { ButtonLink } from "../ui/button-link.tsx";
import { Editor, useDraft } from "../ui/editor.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Permissions } from "./permissions.tsx";
import { WhatIf } from "./what-if.tsx";

const useStyles = makeStyles({ form: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM } });

const NEW: Role = { id: "new", name: "", description: "", permissions: [], built_in: false };

/** One role, or a new one. */
export function RolePage() {
  const { t } = useLingui();
  const { id } = useParams({ from: "/own/admin/roles/$id" });
  const query = useQuery({ ...roles, refetchOnWindowFocus: false });
  const title = id === "new" ? t`New role` : t`Role`;
  return (
    <Needs title={title} any={PAGES["/admin/roles"]}>
      <Loaded query={query}>
        {(all) => {
          const role = id === "new" ? NEW : all.find((one) => one.id === id);
          return role === undefined ? <NotFound /> : <One key={id} role={role} />;
        }}
      </Loaded>
    </Needs>
  );
}

function One({ role }: { readonly role: Role }) {
  const { t } = useLingui();
  if (!role.built_in) {
    return (
      <Page title={role.id === "new" ? t`New role` : t`Role: ${role.name}`}>
        <Form role={role} />
      </Page>
    );
  }
  return (
    <Page title={t`Role: ${role.name}`} lead={<bdi>{role.description}</bdi>}>
      <MessageBar layout="multiline">
        <MessageBarBody>
          <Trans>This role came with Handrail and cannot be changed. Make a new one if you need less or more.</Trans>
        </MessageBarBody>
      </MessageBar>
      <Panel title={<Trans>Permissions</Trans>}>
        <Permissions ticked={role.permissions} />
      </Panel>
      <div>
        <ButtonLink to="/admin/roles">
          <Trans>All roles</Trans>
        </ButtonLink>
      </div>
    </Page>
  );
}

function Form({ role }: { readonly role: Role }) {
  const styles = useStyles();
  const { t } = useLingui();
  const held = useHeld();
  const { id, name, description, permissions } = role;
  const { draft, put, isDirty } = useDraft({ name, description, permissions });
  const isNew = id === "new";
  const change = useChange((body: typeof draft) =>
    isNew
      ? answered(api.POST("/api/v1/roles", { body }))
      : answered(api.PUT("/api/v1/roles/{id}", { params: { path: { id } }, body })),
  );
  const isOther = implied(draft.permissions).join() !== implied(permissions).join();
  return (
    <Editor
      back="/admin/roles"
      isDirty={isDirty}
      isWhole={draft.name.trim() !== ""}
      save={() => change.mutateAsync(draft)}
      change={change}
      saved={
        <Trans>
          The role <bdi>{draft.name}</bdi> is saved.
        </Trans>
      }
    >
      <Panel label={t`What it is called`} className={styles.form}>
        <Field label={t`Name`} required>
          <Input value={draft.name} dir="auto" maxLength={100} onChange={(_, data) => put({ name: data.value })} />
        </Field>
        <Field label={t`Description (optional)`}>
          <Textarea
            value={draft.description}
            dir="auto"
            maxLength={500}
            onChange={(_, data) => put({ description: data.value })}
          />
        </Field>
      </Panel>
      <Panel title={<Trans>Permissions</Trans>}>
        <Permissions ticked={draft.permissions} held={held} tick={(words) => put({ permissions: [...words] })} />
      </Panel>
      {!isNew && isOther && held.includes("records") && <WhatIf role={id} permissions={draft.permissions} />}
    </Editor>
  );
}
