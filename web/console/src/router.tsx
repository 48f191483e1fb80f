import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from "@tanstack/react-router";
import { askedOf, auditOf, deviceSearchOf, searchOf } from "./admin/search.ts";
import { hideSecrets } from "./first/secret.ts";
import { loadAdministration } from "./locale.ts";
import { HomePage } from "./pages/home.tsx";
import { NotFound } from "./pages/not-found.tsx";
import { filterOf } from "./records/filter.ts";
import { Shell } from "./shell/shell.tsx";
import { Guard } from "./sign-in/guard.tsx";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

/** Pages of a person. */
const own = createRoute({
  getParentRoute: () => root,
  id: "own",
  component: () => (
    <Guard>
      <Outlet />
    </Guard>
  ),
});

const home = createRoute({ getParentRoute: () => own, path: "/", component: HomePage });
const code = createRoute({
  getParentRoute: () => own,
  path: "/h",
  component: lazyRouteComponent(() => import("./pages/short.tsx"), "ShortPage"),
});
const session = createRoute({
  getParentRoute: () => own,
  path: "/session/$number",
  component: lazyRouteComponent(() => import("./pages/session.tsx"), "SessionPage"),
});
const sessions = createRoute({
  getParentRoute: () => own,
  path: "/sessions",
  validateSearch: filterOf,
  component: lazyRouteComponent(() => import("./pages/records.tsx"), "RecordsPage"),
});
const monitor = createRoute({
  getParentRoute: () => own,
  path: "/monitor",
  component: lazyRouteComponent(() => import("./pages/monitor.tsx"), "MonitorPage"),
});
const admin = createRoute({
  getParentRoute: () => own,
  path: "/admin",
  beforeLoad: loadAdministration,
  component: lazyRouteComponent(() => import("./admin/layout.tsx"), "AdminLayout"),
});
const getParentRoute = () => admin;
/** Pages of administrators. Each is fetched when somebody goes there. */
const adminPages = [
  createRoute({
    getParentRoute,
    path: "/",
    component: lazyRouteComponent(() => import("./admin/overview/page.tsx"), "OverviewPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/settings",
    component: lazyRouteComponent(() => import("./admin/settings/page.tsx"), "SettingsPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/roles",
    component: lazyRouteComponent(() => import("./admin/roles/page.tsx"), "RolesPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/roles/$id",
    component: lazyRouteComponent(() => import("./admin/roles/editor.tsx"), "RolePage"),
  }),
  createRoute({
    getParentRoute,
    path: "/assignments",
    component: lazyRouteComponent(() => import("./admin/assignments/page.tsx"), "AssignmentsPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/assignments/$id",
    component: lazyRouteComponent(() => import("./admin/assignments/editor.tsx"), "AssignmentPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/people",
    validateSearch: searchOf,
    component: lazyRouteComponent(() => import("./admin/people/page.tsx"), "PeoplePage"),
  }),
  createRoute({
    getParentRoute,
    path: "/people/$id",
    component: lazyRouteComponent(() => import("./admin/people/person.tsx"), "PersonPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/groups",
    validateSearch: searchOf,
    component: lazyRouteComponent(() => import("./admin/groups/page.tsx"), "GroupsPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/devices",
    validateSearch: deviceSearchOf,
    component: lazyRouteComponent(() => import("./admin/devices/page.tsx"), "DevicesPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/devices/$id",
    component: lazyRouteComponent(() => import("./admin/devices/device.tsx"), "DevicePage"),
  }),
  createRoute({
    getParentRoute,
    path: "/explain",
    validateSearch: askedOf,
    component: lazyRouteComponent(() => import("./admin/explain/page.tsx"), "ExplainPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/compliance",
    component: lazyRouteComponent(() => import("./admin/compliance/page.tsx"), "CompliancePage"),
  }),
  createRoute({
    getParentRoute,
    path: "/compliance/$id",
    component: lazyRouteComponent(() => import("./admin/compliance/editor.tsx"), "ComplianceRulePage"),
  }),
  createRoute({
    getParentRoute,
    path: "/access",
    component: lazyRouteComponent(() => import("./admin/access/page.tsx"), "AccessPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/access/$id",
    component: lazyRouteComponent(() => import("./admin/access/editor.tsx"), "AccessRulePage"),
  }),
  createRoute({
    getParentRoute,
    path: "/sessions",
    component: lazyRouteComponent(() => import("./admin/sessions/page.tsx"), "SessionsPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/audit",
    validateSearch: auditOf,
    component: lazyRouteComponent(() => import("./admin/audit/page.tsx"), "AuditPage"),
  }),
  createRoute({
    getParentRoute,
    path: "/tokens",
    component: lazyRouteComponent(() => import("./admin/tokens/page.tsx"), "TokensPage"),
  }),
] as const;
const first = createRoute({
  getParentRoute: () => root,
  path: "/first",
  beforeLoad: loadAdministration,
  component: lazyRouteComponent(() => import("./first/page.tsx"), "FirstPage"),
});
const help = createRoute({
  getParentRoute: () => root,
  path: "/help",
  component: lazyRouteComponent(() => import("./pages/help.tsx"), "HelpPage"),
});
const fault = createRoute({
  getParentRoute: () => root,
  path: "/help/$code",
  component: lazyRouteComponent(() => import("./pages/fault.tsx"), "FaultPage"),
});
const signedIn = createRoute({
  getParentRoute: () => root,
  path: "/signed-in",
  component: lazyRouteComponent(() => import("./sign-in/signed-in.tsx"), "SignedIn"),
});
const signedOut = createRoute({
  getParentRoute: () => root,
  path: "/signed-out",
  component: lazyRouteComponent(() => import("./sign-in/signed-out.tsx"), "SignedOut"),
});

/** All addresses of the console. */
export function createConsole() {
  hideSecrets();
  const pages = own.addChildren([home, code, session, sessions, monitor, admin.addChildren(adminPages)]);
  const tree = [pages, first, help, fault, signedIn, signedOut];
  return createRouter({ routeTree: root.addChildren(tree), defaultPreload: "intent" });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createConsole>;
  }
}
