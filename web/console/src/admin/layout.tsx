import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { Link, Outlet, useMatchRoute } from "@tanstack/react-router";
import { useHeld } from "./needs.tsx";
import { type AdminPath, holdsAny, PAGES } from "./permissions.ts";
import { ToldProvider } from "./told.tsx";

const NARROW = "@media (max-width: 800px)";

const useStyles = makeStyles({
  all: { display: "flex", flexGrow: 1, minWidth: 0, [NARROW]: { flexDirection: "column" } },
  nav: {
    flex: "0 0 216px",
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalL,
    paddingBlock: tokens.spacingVerticalL,
    paddingInline: tokens.spacingHorizontalS,
    backgroundColor: tokens.colorNeutralBackground1,
    borderInlineEndWidth: "1px",
    borderInlineEndStyle: "solid",
    borderInlineEndColor: tokens.colorNeutralStroke2,
    [NARROW]: { flexBasis: "auto", rowGap: tokens.spacingVerticalXS, borderInlineEndStyle: "none" },
  },
  list: {
    listStyleType: "none",
    margin: 0,
    padding: 0,
    display: "flex",
    flexDirection: "column",
    [NARROW]: { flexDirection: "row", flexWrap: "wrap" },
  },
  head: {
    margin: 0,
    paddingInline: tokens.spacingHorizontalM,
    paddingBlockEnd: tokens.spacingVerticalXS,
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
    color: tokens.colorNeutralForeground3,
    [NARROW]: { display: "none" },
  },
  item: {
    display: "block",
    paddingInline: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalS,
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground2,
    textDecorationLine: "none",
    ":hover": { backgroundColor: tokens.colorNeutralBackground1Hover, color: tokens.colorNeutralForeground1 },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "-2px" },
  },
  current: {
    color: tokens.colorNeutralForeground1,
    fontWeight: tokens.fontWeightSemibold,
    backgroundColor: tokens.colorNeutralBackground1Selected,
  },
  content: { flexGrow: 1, minWidth: 0, paddingBlockEnd: tokens.spacingVerticalXXXL },
  told: {
    maxWidth: "1200px",
    marginInline: "auto",
    "& > :not(:empty)": { marginInline: tokens.spacingHorizontalXL, marginBlockStart: tokens.spacingVerticalL },
  },
});

const PARTS: readonly (readonly [MessageDescriptor, readonly (readonly [AdminPath, MessageDescriptor])[]])[] = [
  [
    msg`Organisation`,
    [
      ["/admin", msg`Set-up`],
      ["/admin/settings", msg`Settings`],
    ],
  ],
  [
    msg`Who may help whom`,
    [
      ["/admin/assignments", msg`Assignments`],
      ["/admin/roles", msg`Roles`],
      ["/admin/explain", msg`Explain`],
    ],
  ],
  [
    msg`Directory`,
    [
      ["/admin/people", msg`People`],
      ["/admin/groups", msg`Groups`],
      ["/admin/devices", msg`Devices`],
    ],
  ],
  [
    msg`Rules`,
    [
      ["/admin/compliance", msg`Compliance`],
      ["/admin/access", msg`Conditional access`],
    ],
  ],
  [
    msg`Oversight`,
    [
      ["/admin/sessions", msg`Live sessions`],
      ["/admin/audit", msg`Audit log`],
      ["/admin/tokens", msg`Tokens`],
    ],
  ],
];

/** What stands around the pages of administrators. */
export function AdminLayout() {
  const styles = useStyles();
  return (
    <div className={styles.all}>
      <Navigation />
      <ToldProvider>
        {(told) => (
          <div className={styles.content}>
            <div className={styles.told}>{told}</div>
            <Outlet />
          </div>
        )}
      </ToldProvider>
    </div>
  );
}

function Navigation() {
  const styles = useStyles();
  const { i18n, t } = useLingui();
  const held = useHeld();
  const matches = useMatchRoute();
  const parts = PARTS.map(([name, pages]) => [name, pages.filter(([path]) => holdsAny(held, PAGES[path]))] as const);
  return (
    <nav className={styles.nav} aria-label={t`Administration`}>
      {parts
        .filter(([, pages]) => pages.length > 0)
        .map(([name, pages]) => (
          <div key={name.id}>
            <p className={styles.head}>{i18n._(name)}</p>
            <ul className={styles.list}>
              {pages.map(([path, label]) => (
                <li key={path}>
                  <Link
                    to={path}
                    className={mergeClasses(
                      styles.item,
                      matches({ to: path, fuzzy: path !== "/admin" }) !== false && styles.current,
                    )}
                  >
                    {i18n._(label)}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
    </nav>
  );
}
