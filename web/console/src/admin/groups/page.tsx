import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  makeStyles,
  Tab,
  TabList,
  tokens,
} from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useCallback, useState } from "react";
import { answered, api } from "../../api/client.ts";
import { useGiveBack } from "../../ui/give-back.ts";
import { Page } from "../../ui/page.tsx";
import { useChange } from "../change.ts";
import { Needs, useHeld } from "../needs.tsx";
import { PAGES } from "../permissions.ts";
import { type Group, type GroupKind, groups } from "../queries.ts";
import { useTell } from "../told.tsx";
import { Empty } from "../ui/empty.tsx";
import { Failed } from "../ui/failed.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { More } from "../ui/more.tsx";
import { DeleteButton, Remove } from "../ui/remove.tsx";
import { Search } from "../ui/search.tsx";
import { Table } from "../ui/table.tsx";
import { useNames } from "../words.ts";

const useStyles = makeStyles({
  row: { display: "flex", gap: tokens.spacingHorizontalS },
  content: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM },
});

const NEW: Group = { id: "", kind: "devices", name: "", source: "local" };

/** Groups of devices, which are made here, and of people, which come from elsewhere. */
export function GroupsPage() {
  const { t } = useLingui();
  const mayChange = useHeld().includes("directory");
  const [kind, setKind] = useState<GroupKind>("devices");
  const [edited, setEdited] = useState<Group | null>(null);
  return (
    <Needs title={t`Groups`} any={PAGES["/admin/groups"]}>
      <Page
        title={t`Groups`}
        lead={
          <Trans>Groups of devices are made here. Groups of people come from the sign-in service or by SCIM.</Trans>
        }
        action={
          mayChange && (
            <Button appearance="primary" onClick={() => setEdited(NEW)}>
              <Trans>New group of devices</Trans>
            </Button>
          )
        }
      >
        <TabList selectedValue={kind} onTabSelect={(_, { value }) => setKind(value as GroupKind)}>
          <Tab value="devices">
            <Trans>Devices</Trans>
          </Tab>
          <Tab value="people">
            <Trans>People</Trans>
          </Tab>
        </TabList>
        <List key={kind} kind={kind} edit={mayChange ? setEdited : undefined} />
        {edited !== null && <Rename key={edited.id} group={edited} close={() => setEdited(null)} />}
      </Page>
    </Needs>
  );
}

interface ListProps {
  readonly kind: GroupKind;
  readonly edit: ((group: Group) => void) | undefined;
}

function List({ kind, edit }: ListProps) {
  const styles = useStyles();
  const { t } = useLingui();
  const names = useNames();
  const { search = "" } = useSearch({ from: "/own/admin/groups" });
  const navigate = useNavigate();
  const change = useCallback(
    (text: string) =>
      void navigate({ to: "/admin/groups", search: text === "" ? {} : { search: text }, replace: true }),
    [navigate],
  );
  const [leaving, setLeaving] = useState<Group | null>(null);
  const query = useInfiniteQuery({ ...groups(kind, search), placeholderData: keepPreviousData });
  const rows = query.data?.pages.flatMap((page) => page.groups) ?? [];
  const columns = [
    { head: t`Name`, cell: ({ name }: Group) => <bdi>{name}</bdi> },
    { head: t`Source`, cell: ({ source }: Group) => names.source(source) },
    ...(edit !== undefined && kind === "devices"
      ? [
          {
            head: t`Actions`,
            cell: (group: Group) => (
              <div className={styles.row}>
                <Button size="small" aria-label={t`Rename ${group.name}`} onClick={() => edit(group)}>
                  <Trans>Rename</Trans>
                </Button>
                <DeleteButton name={group.name} press={() => setLeaving(group)} />
              </div>
            ),
          },
        ]
      : []),
  ];
  return (
    <>
      <search>
        <Search label={t`The name begins with`} value={search} change={change} />
      </search>
      <Loaded query={query}>
        {() =>
          rows.length === 0 ? (
            <Nothing kind={kind} isSearch={search !== ""} />
          ) : (
            <Table label={t`Groups`} columns={columns} rows={rows} id={({ id }) => id} />
          )
        }
      </Loaded>
      {rows.length > 0 && <More shown={rows.length} query={query} />}
      {leaving !== null && <Delete group={leaving} close={() => setLeaving(null)} />}
    </>
  );
}

function Nothing({ kind, isSearch }: { readonly kind: GroupKind; readonly isSearch: boolean }) {
  const { t } = useLingui();
  if (isSearch) {
    return (
      <Empty title={t`No group is called like this`}>
        <Trans>Names are searched from their beginning.</Trans>
      </Empty>
    );
  }
  return kind === "devices" ? (
    <Empty title={t`There is no group of devices yet`}>
      <Trans>Make one for the devices of a ward, a school or a branch, and let an assignment cover it.</Trans>
    </Empty>
  ) : (
    <Empty title={t`There is no group of people yet`}>
      <Trans>Groups appear with the first person who signs in as a member, or when SCIM brings them.</Trans>
    </Empty>
  );
}

function Rename({ group, close }: { readonly group: Group; readonly close: () => void }) {
  const styles = useStyles();
  const { t } = useLingui();
  const tell = useTell();
  useGiveBack();
  const [name, setName] = useState(group.name);
  const { id } = group;
  const isNew = id === "";
  const change = useChange(
    (body: { name: string }) =>
      isNew
        ? answered(api.POST("/api/v1/groups", { body }))
        : answered(api.PUT("/api/v1/groups/{id}", { params: { path: { id } }, body })),
    ({ name: kept }) => {
      close();
      tell({ text: t`The group “${kept}” is saved.`, at: "/admin/groups" });
    },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "") change.mutate({ name: name.trim() });
  };
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && close()}>
      <DialogSurface>
        <form onSubmit={submit}>
          <DialogBody>
            <DialogTitle>{isNew ? <Trans>New group of devices</Trans> : <Trans>Rename the group</Trans>}</DialogTitle>
            <DialogContent className={styles.content}>
              <Field label={t`Name`} required>
                <Input value={name} dir="auto" maxLength={100} onChange={(_, { value }) => setName(value)} />
              </Field>
              {change.error !== null && <Failed error={change.error} />}
            </DialogContent>
            <DialogActions>
              <Button onClick={close}>
                <Trans>Cancel</Trans>
              </Button>
              <Button type="submit" appearance="primary" disabled={name.trim() === "" || change.isPending}>
                <Trans>Save</Trans>
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}

function Delete({ group, close }: { readonly group: Group; readonly close: () => void }) {
  const { t } = useLingui();
  const { id, name } = group;
  return (
    <Remove
      title={
        <Trans>
          Delete the group <bdi>{name}</bdi>?
        </Trans>
      }
      send={() => api.DELETE("/api/v1/groups/{id}", { params: { path: { id } } })}
      done={t`The group “${name}” is deleted.`}
      at="/admin/groups"
      close={close}
    >
      <Trans>
        Its devices stay. Assignments and rules that name the group cover none of them by it any more; sessions that
        depend on it end.
      </Trans>
    </Remove>
  );
}
