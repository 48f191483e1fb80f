import { Badge, makeStyles, tokens } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client.ts";
import { Link } from "../../ui/link.tsx";
import { Page } from "../../ui/page.tsx";
import { Needs } from "../needs.tsx";
import { PAGES } from "../permissions.ts";
import { type Assignment, assignments, coverage, groupNames, roles } from "../queries.ts";
import { ButtonLink } from "../ui/button-link.tsx";
import { Empty } from "../ui/empty.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { DeleteButton, Remove } from "../ui/remove.tsx";
import { ScopeWords } from "../ui/scope.tsx";
import { Table } from "../ui/table.tsx";
import { useNames } from "../words.ts";
import { CoverageView } from "./coverage.tsx";

const useStyles = makeStyles({
  quiet: { color: tokens.colorNeutralForeground2, fontWeight: tokens.fontWeightRegular },
});

/** Who may help whom. */
export function AssignmentsPage() {
  const { t } = useLingui();
  const query = useQuery(assignments);
  const create = (
    <ButtonLink primary to="/admin/assignments/$id" params={{ id: "new" }}>
      <Trans>New assignment</Trans>
    </ButtonLink>
  );
  return (
    <Needs title={t`Assignments`} any={PAGES["/admin/assignments"]}>
      <Page
        title={t`Assignments`}
        lead={<Trans>An assignment gives a role to people, for the users and devices that it covers.</Trans>}
        action={create}
      >
        <Loaded query={query}>
          {(all) =>
            all.length === 0 ? (
              <Empty title={t`Nobody may do anything yet`}>
                <Trans>Make an assignment with a role that helps, such as the helpdesk operator.</Trans>
              </Empty>
            ) : (
              <Assignments all={all} />
            )
          }
        </Loaded>
      </Page>
    </Needs>
  );
}

function Assignments({ all }: { readonly all: readonly Assignment[] }) {
  const styles = useStyles();
  const { t } = useLingui();
  const [leaving, setLeaving] = useState<Assignment | null>(null);
  const known = useQuery(roles);
  const roleName = (id: string) => known.data?.find((one) => one.id === id)?.name ?? id;
  const columns = [
    {
      head: t`Assignment`,
      cell: ({ id, name, source, description }: Assignment) => (
        <>
          {source === "file" ? (
            <bdi>{name}</bdi>
          ) : (
            <Link to="/admin/assignments/$id" params={{ id }}>
              <bdi>{name}</bdi>
            </Link>
          )}
          {description !== "" && (
            <div className={styles.quiet}>
              <bdi>{description}</bdi>
            </div>
          )}
        </>
      ),
    },
    { head: t`Role`, cell: ({ role }: Assignment) => <bdi>{roleName(role)}</bdi> },
    { head: t`Held by`, cell: (one: Assignment) => <Holders assignment={one} /> },
    { head: t`Covers`, cell: ({ scope }: Assignment) => <ScopeWords scope={scope} /> },
    {
      head: t`Origin`,
      cell: (one: Assignment) =>
        one.source === "file" ? (
          <Badge appearance="tint" color="informative">
            <Trans>Configuration file</Trans>
          </Badge>
        ) : (
          <DeleteButton name={one.name} press={() => setLeaving(one)} />
        ),
    },
  ];
  return (
    <>
      <Table label={t`Assignments`} columns={columns} rows={all} id={({ id }) => id} />
      {leaving !== null && <Delete assignment={leaving} close={() => setLeaving(null)} />}
    </>
  );
}

function Holders({ assignment }: { readonly assignment: Assignment }) {
  const names = useNames();
  const known = useQuery(groupNames("people"));
  const found = useQuery(coverage(assignment.id));
  const people = new Map(found.data?.helpers.first.map(({ id, name }) => [id, name]));
  const { groups, people: single } = assignment;
  return (
    <>
      {groups.length > 0 && (
        <div>
          <Trans>
            Groups: <bdi>{names.list(groups.map((id) => known.data?.get(id) ?? id))}</bdi>
          </Trans>
        </div>
      )}
      {single.length > 0 && <bdi>{names.list(single.map((id) => people.get(id) ?? id))}</bdi>}
      {groups.length + single.length === 0 && <Trans>Nobody</Trans>}
    </>
  );
}

function Delete({ assignment, close }: { readonly assignment: Assignment; readonly close: () => void }) {
  const { t } = useLingui();
  const { id, name } = assignment;
  const found = useQuery(coverage(id));
  return (
    <Remove
      title={
        <Trans>
          Delete the assignment <bdi>{name}</bdi>?
        </Trans>
      }
      send={() => api.DELETE("/api/v1/assignments/{id}", { params: { path: { id } } })}
      done={t`The assignment “${name}” is deleted.`}
      at="/admin/assignments"
      close={close}
    >
      <span>
        <Trans>
          What it allowed ends at once, in sessions that go on, too, unless another assignment allows the same. It
          covers:
        </Trans>
      </span>
      <Loaded query={found}>{(covered) => <CoverageView coverage={covered} />}</Loaded>
    </Remove>
  );
}
