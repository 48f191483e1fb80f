import { makeStyles, mergeClasses, Subtitle2, tokens } from "@fluentui/react-components";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useMatchRoute } from "@tanstack/react-router";
import { holdsAny, PAGES } from "../admin/permissions.ts";
import { me as meQuery } from "../api/queries.ts";
import { useSessionList } from "../session/use.ts";
import { Account } from "./account.tsx";
import { Lacking } from "./lacking.tsx";
import { useQuestionMark } from "./question-mark.ts";

const useStyles = makeStyles({
  skip: {
    position: "absolute",
    insetInlineStart: tokens.spacingHorizontalS,
    top: "-100px",
    zIndex: 10,
    padding: tokens.spacingHorizontalS,
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorBrandForegroundLink,
    ":focus": { top: tokens.spacingVerticalS },
  },
  header: {
    display: "flex",
    alignItems: "center",
    flexWrap: "wrap",
    columnGap: tokens.spacingHorizontalL,
    paddingInline: tokens.spacingHorizontalL,
    minHeight: "48px",
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  brand: { textDecorationLine: "none", color: tokens.colorNeutralForeground1, display: "flex" },
  nav: { display: "flex", flexWrap: "wrap", flexGrow: 1, columnGap: tokens.spacingHorizontalXS },
  item: {
    display: "inline-flex",
    alignItems: "center",
    minHeight: "40px",
    paddingInline: tokens.spacingHorizontalM,
    color: tokens.colorNeutralForeground2,
    textDecorationLine: "none",
    borderTop: "3px solid transparent",
    borderBottom: "3px solid transparent",
    borderRadius: tokens.borderRadiusMedium,
    ":hover": { color: tokens.colorNeutralForeground1, textDecorationLine: "underline" },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "-2px" },
  },
  current: {
    color: tokens.colorNeutralForeground1,
    fontWeight: tokens.fontWeightSemibold,
    borderBottomColor: tokens.colorCompoundBrandStroke,
    borderEndStartRadius: 0,
    borderEndEndRadius: 0,
  },
  main: { display: "flex", flexDirection: "column", flexGrow: 1, minWidth: 0, outlineStyle: "none" },
});

/** What stands around every page. */
export function Shell() {
  const styles = useStyles();
  const { t } = useLingui();
  useQuestionMark();
  return (
    <>
      <a href="#main" className={styles.skip}>
        <Trans>To the content</Trans>
      </a>
      <header className={mergeClasses("outside", styles.header)}>
        <Link to="/" className={mergeClasses(styles.brand, styles.item)} aria-label={t`Handrail, start page`}>
          <Subtitle2>Handrail</Subtitle2>
        </Link>
        <Navigation />
        <Account />
      </header>
      <main id="main" tabIndex={-1} className={styles.main}>
        <Lacking>
          <Outlet />
        </Lacking>
      </main>
    </>
  );
}

function Navigation() {
  const styles = useStyles();
  const { t } = useLingui();
  const { data } = useQuery({ ...meQuery, enabled: false });
  const open = useSessionList();
  const matches = useMatchRoute();
  const look = (to: "/sessions" | "/monitor" | "/admin" | "/help" | "/") =>
    mergeClasses(styles.item, matches({ to, fuzzy: to === "/help" || to === "/admin" }) !== false && styles.current);
  return (
    <nav className={styles.nav} aria-label={t`Pages`}>
      {data !== undefined && (
        <>
          <Link to="/" className={look("/")}>
            <Trans>Give help</Trans>
          </Link>
          {open.map(({ number, session }) => (
            <Link
              key={number}
              to="/session/$number"
              params={{ number: String(number) }}
              className={mergeClasses(
                styles.item,
                matches({ to: "/session/$number", params: { number: String(number) } }) !== false && styles.current,
              )}
            >
              {session.state.card === null ? <Trans>Session {number}</Trans> : <bdi>{session.state.card.name}</bdi>}
            </Link>
          ))}
          <Link to="/sessions" search={{}} className={look("/sessions")}>
            <Trans>Records</Trans>
          </Link>
          {data.may.all_records && (
            <Link to="/monitor" className={look("/monitor")}>
              <Trans>Monitor</Trans>
            </Link>
          )}
          {holdsAny(data.may.permissions, PAGES["/admin"]) && (
            <Link to="/admin" className={look("/admin")}>
              <Trans>Administration</Trans>
            </Link>
          )}
        </>
      )}
      <Link to="/help" className={look("/help")}>
        <Trans>Help</Trans>
      </Link>
    </nav>
  );
}
