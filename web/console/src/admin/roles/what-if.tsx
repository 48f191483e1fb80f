import { Body1, Button, makeStyles, tokens } from "@fluentui/react-components";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { answered, api } from "../../api/client.ts";
import { Panel } from "../../ui/panel.tsx";
import { useLevelName } from "../../ui/words.ts";
import type { WhatIf as Answer } from "../queries.ts";
import { Failed } from "../ui/failed.tsx";
import { Table } from "../ui/table.tsx";

const useStyles = makeStyles({ row: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM } });

type Line = Answer["changes"][number];

/** What the role would have done to the sessions of the last 30 days. */
export function WhatIf({ role, permissions }: { readonly role: string; readonly permissions: readonly string[] }) {
  const styles = useStyles();
  const ask = useMutation({
    mutationFn: () => answered(api.POST("/api/v1/what-if", { body: { role, permissions: [...permissions] } })),
  });
  const { reset } = ask;
  const words = permissions.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: an answer is about the permissions that it was asked for
  useEffect(() => reset(), [words, reset]);
  return (
    <Panel title={<Trans>What if it had been so already?</Trans>} className={styles.row}>
      <Body1>
        <Trans>Before you save: which sessions of the last 30 days would have gone otherwise.</Trans>
      </Body1>
      <div>
        <Button disabled={ask.isPending} onClick={() => ask.mutate()}>
          <Trans>Look at the last 30 days</Trans>
        </Button>
      </div>
      {ask.error !== null && <Failed error={ask.error} />}
      <div role="status">{ask.data !== undefined && <Found answer={ask.data} />}</div>
    </Panel>
  );
}

function Found({ answer }: { readonly answer: Answer }) {
  const { t } = useLingui();
  const level = useLevelName();
  const columns = [
    { head: t`Session`, cell: ({ session }: Line) => <code dir="ltr">{session}</code> },
    {
      head: t`What would be`,
      cell: ({ refused }: Line) => (refused ? <Trans>It would be refused</Trans> : <Trans>It would go on</Trans>),
    },
    { head: t`Highest level now`, cell: ({ was }: Line) => level(was) },
    { head: t`Highest level then`, cell: ({ now }: Line) => level(now) },
  ];
  const refused = answer.changes.filter((one) => one.refused).length;
  const looked = answer.looked_at;
  return (
    <>
      <p>
        <Plural value={looked} one="# session was looked at." other="# sessions were looked at." />{" "}
        {answer.count === 0 ? (
          <Trans>Nothing would have been otherwise.</Trans>
        ) : (
          <>
            <Plural value={answer.count} one="# would have been otherwise;" other="# would have been otherwise;" />{" "}
            <Plural
              value={refused}
              one="# of those shown would have been refused."
              other="# of those shown would have been refused."
            />
          </>
        )}
      </p>
      {answer.changes.length > 0 && (
        <Table
          label={t`Sessions that would have gone otherwise`}
          columns={columns}
          rows={answer.changes}
          id={(one) => one.session}
        />
      )}
    </>
  );
}
