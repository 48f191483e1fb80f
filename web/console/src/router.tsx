import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from "@tanstack/react-router";
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
  const tree = [own.addChildren([home, code, session, sessions, monitor]), help, fault, signedIn, signedOut];
  return createRouter({ routeTree: root.addChildren(tree), defaultPreload: "intent" });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createConsole>;
  }
}
