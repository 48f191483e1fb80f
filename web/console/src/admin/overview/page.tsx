import { makeStyles, tokens } from "@fluentui/react-components";
import { CheckmarkCircleFilled, CircleRegular, InfoRegular } from "@fluentui/react-icons";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useFormat } from "../../ui/format.ts";
import { hidden } from "../../ui/hidden.ts";
import { Link } from "../../ui/link.tsx";
import { Page } from "../../ui/page.tsx";
import { Panel } from "../../ui/panel.tsx";
import { Needs, useHeld } from "../needs.tsx";
import { type AdminPath, HELP, holdsAny, PAGES } from "../permissions.ts";
import { assignments, devices, organisation, people, settings } from "../queries.ts";
import { Copy } from "../ui/copy.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { useNames } from "../words.ts";

const useStyles = makeStyles({
  hidden,
  list: { listStyleType: "none", margin: 0, padding: 0 },
  line: {
    display: "grid",
    gridTemplateColumns: "24px minmax(0, 1fr) auto",
    columnGap: tokens.spacingHorizontalM,
    alignItems: "start",
    paddingBlock: tokens.spacingVerticalM,
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    ":last-child": { borderBottomStyle: "none" },
  },
  icon: { fontSize: "20px", lineHeight: 1, color: tokens.colorNeutralForeground3 },
  done: { color: tokens.colorStatusSuccessForeground1 },
  name: { fontWeight: tokens.fontWeightSemibold },
  quiet: { color: tokens.colorNeutralForeground2 },
  facts: {
    display: "grid",
    gridTemplateColumns: "max-content minmax(0, 1fr)",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalS,
    margin: 0,
    "& dd": { margin: 0, overflowWrap: "anywhere" },
    "& dt": { color: tokens.colorNeutralForeground2 },
    "@media (max-width: 480px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
});

/** What is set up, and what is still to do. */
export function OverviewPage() {
  const { t } = useLingui();
  return (
    <Needs title={t`Set-up`} any={PAGES["/admin"]}>
      <Page title={t`Set-up`} lead={<Trans>What Handrail needs before people can help each other.</Trans>}>
        <Checklist />
        <Organisation />
      </Page>
    </Needs>
  );
}

function Checklist() {
  const styles = useStyles();
  const held = useHeld();
  const may = (path: AdminPath) => holdsAny(held, PAGES[path]);
  return (
    <Panel title={<Trans>Steps</Trans>}>
      <ul className={styles.list}>
        {may("/admin/settings") && <Switches />}
        {may("/admin/assignments") && <Assigned />}
        {may("/admin/people") && <Known />}
        {may("/admin/devices") && <Machines />}
      </ul>
    </Panel>
  );
}

function Switches() {
  const query = useQuery(settings);
  return (
    <Loaded query={query}>
      {({ enabled, allow_unenrolled }) => (
        <>
          <Line
            state={enabled ? "done" : "open"}
            name={<Trans>Remote help</Trans>}
            to="/admin/settings"
            link={<Trans>Settings</Trans>}
          >
            {enabled ? <Trans>It is turned on.</Trans> : <Trans>It is turned off: no session can start.</Trans>}
          </Line>
          <Line
            state="info"
            name={<Trans>Devices that are not enrolled</Trans>}
            to="/admin/settings"
            link={<Trans>Settings</Trans>}
          >
            {allow_unenrolled ? (
              <Trans>People may be helped on any device.</Trans>
            ) : (
              <Trans>People can be helped only on enrolled devices.</Trans>
            )}
          </Line>
        </>
      )}
    </Loaded>
  );
}

const SHOWN = 4;

function Assigned() {
  const query = useQuery(assignments);
  return (
    <Loaded query={query}>
      {(all) => {
        const starts = (words: readonly string[]) =>
          words.includes("offer") && words.some((one) => one !== "offer" && HELP.some((help) => help === one));
        const helping = all.filter(({ permissions }) => starts(permissions));
        const ruling = all.filter(({ permissions }) => permissions.includes("roles"));
        return (
          <>
            <Line
              state={helping.length > 0 ? "done" : "open"}
              name={<Trans>Who may help</Trans>}
              to="/admin/assignments"
              link={<Trans>Assignments</Trans>}
            >
              {helping.length === 0 ? (
                <Trans>Nobody yet: make an assignment with a role that helps.</Trans>
              ) : (
                <Names names={helping.map(({ name }) => name)} />
              )}
            </Line>
            <Line
              state={ruling.length > 0 ? "done" : "open"}
              name={<Trans>Who administers</Trans>}
              to="/admin/assignments"
              link={<Trans>Assignments</Trans>}
            >
              <Names names={ruling.map(({ name }) => name)} />
            </Line>
          </>
        );
      }}
    </Loaded>
  );
}

function Names({ names }: { readonly names: readonly string[] }) {
  const words = useNames();
  return (
    <>
      <Plural value={names.length} one="# assignment:" other="# assignments:" />{" "}
      <bdi>{words.list(names.slice(0, SHOWN))}</bdi>
      {names.length > SHOWN && " …"}
    </>
  );
}

function Known() {
  const query = useInfiniteQuery(people(""));
  const count = query.data?.pages.flatMap((page) => page.people).length ?? 0;
  return (
    <Loaded query={query}>
      {() => (
        <Line
          state={count > 0 ? "done" : "open"}
          name={<Trans>People</Trans>}
          to="/admin/people"
          link={<Trans>People</Trans>}
        >
          <Count count={count} more={query.hasNextPage} />
        </Line>
      )}
    </Loaded>
  );
}

function Machines() {
  const query = useInfiniteQuery(devices({ state: "enrolled" }));
  const count = query.data?.pages.flatMap((page) => page.devices).length ?? 0;
  return (
    <Loaded query={query}>
      {() => (
        <Line
          state={count > 0 ? "done" : "info"}
          name={<Trans>Enrolled devices</Trans>}
          to="/admin/devices"
          link={<Trans>Devices</Trans>}
        >
          <Count count={count} more={query.hasNextPage} />
        </Line>
      )}
    </Loaded>
  );
}

function Count({ count, more }: { readonly count: number; readonly more: boolean }) {
  const format = useFormat();
  const number = format.number(count);
  return more ? <Trans>More than {number}.</Trans> : <Trans>{number} known.</Trans>;
}

interface LineProps {
  readonly state: "done" | "open" | "info";
  readonly name: ReactNode;
  readonly to: AdminPath;
  readonly link: ReactNode;
  readonly children: ReactNode;
}

function Line({ state, name, to, link, children }: LineProps) {
  const styles = useStyles();
  return (
    <li className={styles.line}>
      <span className={styles.icon}>
        {state === "done" && <CheckmarkCircleFilled className={styles.done} aria-hidden />}
        {state === "open" && <CircleRegular aria-hidden />}
        {state === "info" && <InfoRegular aria-hidden />}
      </span>
      <div>
        <div className={styles.name}>
          {name}
          <span className={styles.hidden}>
            {state === "done" && <Trans>, done</Trans>}
            {state === "open" && <Trans>, to do</Trans>}
          </span>
        </div>
        <div className={styles.quiet}>{children}</div>
      </div>
      <Link to={to}>{link}</Link>
    </li>
  );
}

function Organisation() {
  const styles = useStyles();
  const { t } = useLingui();
  const query = useQuery(organisation);
  return (
    <Panel title={<Trans>Organisation</Trans>}>
      <Loaded query={query}>
        {({ name, domain, fingerprint, enrolment }) => (
          <dl className={styles.facts}>
            <dt>
              <Trans>Name</Trans>
            </dt>
            <dd>
              <bdi>{name}</bdi>
            </dd>
            <dt>
              <Trans>Domain</Trans>
            </dt>
            <dd>
              <bdi>{domain}</bdi>
            </dd>
            <dt>
              <Trans>Enrolment link</Trans>
            </dt>
            <dd>
              <Copy text={enrolment} label={t`Copy the enrolment link`} />
              <span className={styles.quiet}>
                <Trans>A program that opens it trusts this organisation at this relay.</Trans>
              </span>
            </dd>
            <dt>
              <Trans>Fingerprint of the key</Trans>
            </dt>
            <dd>
              <code dir="ltr">{fingerprint}</code>
            </dd>
          </dl>
        )}
      </Loaded>
    </Panel>
  );
}
