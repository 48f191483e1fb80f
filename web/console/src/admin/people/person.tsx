import { makeStyles, tokens } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useFormat } from "../../ui/format.ts";
import { Link } from "../../ui/link.tsx";
import { Page } from "../../ui/page.tsx";
import { Panel } from "../../ui/panel.tsx";
import { Needs, useHeld } from "../needs.tsx";
import { holdsAny, PAGES } from "../permissions.ts";
import { type PersonDetails, person } from "../queries.ts";
import { ButtonLink } from "../ui/button-link.tsx";
import { Facts } from "../ui/facts.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { useNames } from "../words.ts";
import { PersonState } from "./page.tsx";

const useStyles = makeStyles({
  row: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalM },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** One person: who it is, what follows from their groups. */
export function PersonPage() {
  const { t } = useLingui();
  const { id } = useParams({ from: "/own/admin/people/$id" });
  const query = useQuery(person(id));
  return (
    <Needs title={t`Person`} any={[...PAGES["/admin/people"], "devices"]}>
      <Page title={query.data?.name ?? t`Person`}>
        <Loaded query={query}>{(one) => <One one={one} />}</Loaded>
      </Page>
    </Needs>
  );
}

function One({ one }: { readonly one: PersonDetails }) {
  const { id } = one;
  const styles = useStyles();
  const { t } = useLingui();
  const format = useFormat();
  const names = useNames();
  const held = useHeld();
  return (
    <>
      {holdsAny(held, PAGES["/admin/explain"]) && (
        <div className={styles.row}>
          <ButtonLink to="/admin/explain" search={{ helper: id }}>
            <Trans>What may this person do?</Trans>
          </ButtonLink>
          <ButtonLink to="/admin/explain" search={{ sharer: id }}>
            <Trans>Who may help this person?</Trans>
          </ButtonLink>
        </div>
      )}
      <Panel title={<Trans>Person</Trans>}>
        <Facts
          facts={[
            [t`State`, <PersonState key="state" active={one.active} />],
            [t`Title`, <bdi key="title">{one.title || "–"}</bdi>],
            [t`Company`, <bdi key="company">{one.company || "–"}</bdi>],
            [t`User name`, <bdi key="user">{one.user_name || "–"}</bdi>],
            [t`E-mail`, <bdi key="mail">{one.email || "–"}</bdi>],
            [t`Id`, <bdi key="id">{one.id}</bdi>],
            [t`Source`, names.source(one.source)],
            [t`Last seen`, one.last_seen === null ? t`Never` : format.date(one.last_seen)],
          ]}
        />
      </Panel>
      <Panel title={<Trans>Groups</Trans>}>
        {one.groups.length === 0 ? (
          <span className={styles.quiet}>
            <Trans>This person is in no group.</Trans>
          </span>
        ) : (
          <bdi>{names.list(one.groups.map((group) => group.name))}</bdi>
        )}
      </Panel>
      {holdsAny(held, PAGES["/admin/devices"]) && (
        <div>
          <Link to="/admin/devices" search={{ user: id }}>
            <Trans>Devices on which this person signed in last</Trans>
          </Link>
        </div>
      )}
    </>
  );
}
