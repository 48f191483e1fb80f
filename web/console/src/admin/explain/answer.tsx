import { MessageBar, MessageBarBody, MessageBarTitle, makeStyles, tokens } from "@fluentui/react-components";
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "../../ui/link.tsx";
import { Panel } from "../../ui/panel.tsx";
import { useLevelName } from "../../ui/words.ts";
import type { Explanation } from "../queries.ts";
import type { Asked } from "../search.ts";
import { PersonName } from "../ui/person-name.tsx";
import { Table } from "../ui/table.tsx";
import { useNames } from "../words.ts";

const useStyles = makeStyles({
  all: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL },
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL },
});

const DENIALS: { readonly [word: string]: MessageDescriptor } = {
  tenant_off: msg`Remote help is turned off for the whole organisation.`,
  not_enrolled: msg`The device is not enrolled, and the organisation allows only enrolled ones.`,
  may_not_offer: msg`No assignment that counts here lets the helper offer remote assistance.`,
  out_of_scope: msg`No assignment of the helper covers this person or this device.`,
  may_not_level: msg`The assignments that count here allow less than this level.`,
  not_here: msg`This level is not possible with this kind of program or device.`,
  access: msg`A rule of conditional access refuses the sign-in.`,
  compliance: msg`A compliance rule refuses this level because of the state of the device.`,
};

interface Props {
  readonly asked: Asked;
  readonly explained: Explanation;
}

/** The decision and its reasons in plain words. */
export function Answer({ asked, explained }: Props) {
  const styles = useStyles();
  const { i18n } = useLingui();
  const level = useLevelName();
  const names = useNames();
  const why = explained.denial === null ? undefined : DENIALS[explained.denial];
  const { assignments, warning, access } = explained;
  const counting = assignments.filter((one) => one.holds && one.covers && one.allows);
  const wanted = level(explained.level);
  return (
    <div className={styles.all}>
      <div role="status">
        <MessageBar intent={explained.allowed ? "success" : "warning"} layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>
              {explained.allowed ? <Trans>Yes: {wanted}</Trans> : <Trans>No: {wanted}</Trans>}
            </MessageBarTitle>{" "}
            {explained.allowed ? (
              <Trans>
                <PersonName id={asked.helper ?? ""} /> may do this with <PersonName id={asked.sharer ?? ""} /> by:{" "}
                <bdi>{names.list(counting.map(({ name }) => name))}</bdi>.
              </Trans>
            ) : (
              why && i18n._(why)
            )}
          </MessageBarBody>
        </MessageBar>
      </div>
      {warning && (
        <Panel title={<Trans>The state of the device</Trans>}>
          <span>
            {names.compliance(warning.state)}: {names.action(warning.action)}.{" "}
            {warning.rule && (
              <Trans>
                Rule: <bdi>{warning.rule}</bdi>.
              </Trans>
            )}
          </span>
        </Panel>
      )}
      {assignments.length > 0 && <Assignments all={assignments} />}
      {access.length > 0 && (
        <Panel title={<Trans>Sign-ins have to fulfil</Trans>}>
          <ul className={styles.list}>
            {access.map(({ id, name, side }) => (
              <li key={`${id}${side}`}>
                <bdi>{name}</bdi> –{" "}
                {side === "helper" ? <Trans>for the helper</Trans> : <Trans>for the person who is helped</Trans>}
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </div>
  );
}

type Line = Explanation["assignments"][number];

function Assignments({ all }: { readonly all: readonly Line[] }) {
  const { t } = useLingui();
  const names = useNames();
  const yes = (is: boolean) => names.value(String(is));
  const columns = [
    {
      head: t`Assignment`,
      cell: ({ name }: Line) => (
        <Link to="/admin/assignments">
          <bdi>{name}</bdi>
        </Link>
      ),
    },
    { head: t`The helper holds it`, cell: ({ holds }: Line) => yes(holds) },
    { head: t`It covers this person or device`, cell: ({ covers }: Line) => yes(covers) },
    { head: t`It lets offer help`, cell: ({ offers }: Line) => yes(offers) },
    { head: t`It allows the level`, cell: ({ allows }: Line) => yes(allows) },
  ];
  return <Table label={t`Assignments that touch the two`} columns={columns} rows={all} id={({ id }) => id} />;
}
