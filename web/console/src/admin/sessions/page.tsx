import { Button } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answered, api } from "../../api/client.ts";
import { useFormat } from "../../ui/format.ts";
import { Page } from "../../ui/page.tsx";
import { useLevelName } from "../../ui/words.ts";
import { useChange } from "../change.ts";
import { Needs, useHeld } from "../needs.tsx";
import { PAGES } from "../permissions.ts";
import { type LiveSession, liveSessions } from "../queries.ts";
import { useTell } from "../told.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { Empty } from "../ui/empty.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { More } from "../ui/more.tsx";
import { Table } from "../ui/table.tsx";

/** Sessions that go on. */
export function SessionsPage() {
  const { t } = useLingui();
  const query = useInfiniteQuery(liveSessions);
  const rows = query.data?.pages.flatMap((page) => page.sessions) ?? [];
  return (
    <Needs title={t`Live sessions`} any={PAGES["/admin/sessions"]}>
      <Page title={t`Live sessions`} lead={<Trans>What goes on now. The list renews itself every few seconds.</Trans>}>
        <Loaded query={query}>
          {() =>
            rows.length === 0 ? (
              <Empty title={t`No session goes on`}>
                <Trans>A session appears here as soon as two people are connected.</Trans>
              </Empty>
            ) : (
              <Sessions rows={rows} />
            )
          }
        </Loaded>
        {rows.length > 0 && <More shown={rows.length} query={query} />}
      </Page>
    </Needs>
  );
}

function Sessions({ rows }: { readonly rows: readonly LiveSession[] }) {
  const { t } = useLingui();
  const format = useFormat();
  const level = useLevelName();
  const mayEnd = useHeld().includes("end-sessions");
  const [leaving, setLeaving] = useState<LiveSession | null>(null);
  const columns = [
    { head: t`Helper`, cell: ({ helper }: LiveSession) => <bdi>{helper.name}</bdi> },
    { head: t`Helped person`, cell: ({ sharer }: LiveSession) => <bdi>{sharer.name}</bdi> },
    { head: t`Device`, cell: ({ device_name: name }: LiveSession) => <bdi>{name ?? "–"}</bdi> },
    {
      head: t`Level`,
      cell: (one: LiveSession) => (one.level === null ? <Trans>Not agreed yet</Trans> : level(one.level)),
    },
    { head: t`Since`, cell: ({ since }: LiveSession) => (since === null ? "–" : format.date(since)) },
    ...(mayEnd
      ? [
          {
            head: t`Actions`,
            cell: (one: LiveSession) => {
              const [helper, sharer] = [one.helper.name, one.sharer.name];
              return (
                <Button
                  size="small"
                  aria-label={t`End session of ${helper} and ${sharer}`}
                  onClick={() => setLeaving(one)}
                >
                  <Trans>End session</Trans>
                </Button>
              );
            },
          },
        ]
      : []),
  ];
  return (
    <>
      <Table label={t`Live sessions`} columns={columns} rows={rows} id={({ session, pair }) => `${session} ${pair}`} />
      {leaving !== null && <End one={leaving} close={() => setLeaving(null)} />}
    </>
  );
}

function End({ one, close }: { readonly one: LiveSession; readonly close: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const { session } = one;
  const change = useChange(
    () => answered(api.POST("/api/v1/sessions/{session}/end", { params: { path: { session } } })),
    () => {
      close();
      tell({ text: t`The session is ended.`, at: "/admin/sessions" });
    },
  );
  return (
    <Confirm
      title={<Trans>End this session?</Trans>}
      act={<Trans>End session</Trans>}
      danger
      change={change}
      confirm={() => change.mutate(undefined)}
      close={close}
    >
      <Trans>
        <bdi>{one.helper.name}</bdi> helps <bdi>{one.sharer.name}</bdi>. Everybody in the session is disconnected at
        once and told that an administrator ended it.
      </Trans>
    </Confirm>
  );
}
