import { Badge } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client.ts";
import { Link } from "../../ui/link.tsx";
import { Page } from "../../ui/page.tsx";
import { Needs } from "../needs.tsx";
import { PAGES } from "../permissions.ts";
import { type Role, roles } from "../queries.ts";
import { ButtonLink } from "../ui/button-link.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { DeleteButton, Remove } from "../ui/remove.tsx";
import { Table } from "../ui/table.tsx";
import { useNames } from "../words.ts";

/** All roles. */
export function RolesPage() {
  const { t } = useLingui();
  const query = useQuery(roles);
  return (
    <Needs title={t`Roles`} any={PAGES["/admin/roles"]}>
      <Page
        title={t`Roles`}
        lead={<Trans>A role says what somebody may do. Assignments say who holds it, and for whom.</Trans>}
        action={
          <ButtonLink primary to="/admin/roles/$id" params={{ id: "new" }}>
            <Trans>New role</Trans>
          </ButtonLink>
        }
      >
        <Loaded query={query}>{(all) => <Roles all={all} />}</Loaded>
      </Page>
    </Needs>
  );
}

function Roles({ all }: { readonly all: readonly Role[] }) {
  const { t } = useLingui();
  const names = useNames();
  const [leaving, setLeaving] = useState<Role | null>(null);
  const columns = [
    {
      head: t`Role`,
      cell: ({ id, name }: Role) => (
        <Link to="/admin/roles/$id" params={{ id }}>
          <bdi>{name}</bdi>
        </Link>
      ),
    },
    { head: t`Description`, cell: ({ description }: Role) => <bdi>{description}</bdi> },
    { head: t`Permissions`, cell: ({ permissions }: Role) => names.list(permissions.map(names.permission)) },
    {
      head: t`Origin`,
      cell: (role: Role) =>
        role.built_in ? (
          <Badge appearance="tint" color="informative">
            <Trans>Built in</Trans>
          </Badge>
        ) : (
          <DeleteButton name={role.name} press={() => setLeaving(role)} />
        ),
    },
  ];
  return (
    <>
      <Table label={t`Roles`} columns={columns} rows={all} id={({ id }) => id} />
      {leaving !== null && <Delete role={leaving} close={() => setLeaving(null)} />}
    </>
  );
}

function Delete({ role, close }: { readonly role: Role; readonly close: () => void }) {
  const { t } = useLingui();
  const { id, name } = role;
  return (
    <Remove
      title={
        <Trans>
          Delete the role <bdi>{name}</bdi>?
        </Trans>
      }
      send={() => api.DELETE("/api/v1/roles/{id}", { params: { path: { id } } })}
      done={t`The role “${name}” is deleted.`}
      at="/admin/roles"
      close={close}
    >
      <Trans>A role that an assignment gives cannot be deleted: change those assignments first.</Trans>
    </Remove>
  );
}
