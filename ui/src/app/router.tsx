/** Every page and its address. The address stands after a `#`: the files are read from disk, there is no server. */
import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from "@tanstack/react-router";
import { Gate } from "./Gate";
import { Layout } from "./Layout";
import { NotFound } from "./NotFound";
import { PageProblem } from "./PageProblem";

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

/** Pages outside the rail: nobody is signed in yet. */
const firstRun = createRoute({
  getParentRoute: () => root,
  path: "/first-run",
  component: lazyRouteComponent(() => import("../features/firstrun/FirstRunPage"), "FirstRunPage"),
});
const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  component: lazyRouteComponent(() => import("../features/signin/SignInPage"), "SignInPage"),
});

/** Pages inside the rail: somebody is signed in. */
const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  component: () => (
    <Gate>
      <Layout>
        <Outlet />
      </Layout>
    </Gate>
  ),
});
/** The board on the wall: somebody is signed in, and nothing of the frame is there. */
const wall = createRoute({
  getParentRoute: () => root,
  path: "/wall",
  component: () => (
    <Gate>
      <Wall />
    </Gate>
  ),
});
const Wall = lazyRouteComponent(() => import("../features/beds/WallPage"), "WallPage");
const under = () => inside;

const pages = [
  createRoute({
    getParentRoute: under,
    path: "/",
    component: lazyRouteComponent(() => import("../features/warroom/WarRoomPage"), "WarRoomPage"),
  }),
  createRoute({
    getParentRoute: under,
    path: "/census",
    component: lazyRouteComponent(() => import("../features/census/CensusPage"), "CensusPage"),
  }),
  createRoute({
    getParentRoute: under,
    path: "/beds",
    component: lazyRouteComponent(() => import("../features/beds/BedsPage"), "BedsPage"),
  }),
  createRoute({
    getParentRoute: under,
    path: "/patients",
    component: lazyRouteComponent(() => import("../features/patients/PatientsPage"), "PatientsPage"),
  }),
  createRoute({
    getParentRoute: under,
    path: "/patients/new",
    component: lazyRouteComponent(() => import("../features/patients/NewPatientPage"), "NewPatientPage"),
  }),
  createRoute({
    getParentRoute: under,
    path: "/patients/$id",
    component: lazyRouteComponent(() => import("../features/patients/PatientPage"), "PatientPage"),
  }),
  createRoute({
    getParentRoute: under,
    path: "/triage",
    component: lazyRouteComponent(() => import("../features/triage/TriagePage"), "TriagePage"),
  }),
  createRoute({
    getParentRoute: under,
    path: "/stock",
    component: lazyRouteComponent(() => import("../features/stock/StockPage"), "StockPage"),
  }),
  createRoute({
    getParentRoute: under,
    path: "/stock/$id",
    component: lazyRouteComponent(() => import("../features/stock/ItemPage"), "ItemPage"),
  }),
  createRoute({
    getParentRoute: under,
    path: "/inbox",
    component: lazyRouteComponent(() => import("../features/inbox/InboxPage"), "InboxPage"),
  }),
  createRoute({
    getParentRoute: under,
    path: "/sync",
    component: lazyRouteComponent(() => import("../features/sync/SyncPage"), "SyncPage"),
  }),
  createRoute({
    getParentRoute: under,
    path: "/audit",
    component: lazyRouteComponent(() => import("../features/audit/AuditPage"), "AuditPage"),
  }),
  createRoute({
    getParentRoute: under,
    path: "/settings",
    component: lazyRouteComponent(() => import("../features/settings/SettingsPage"), "SettingsPage"),
  }),
  createRoute({
    getParentRoute: under,
    path: "/desks",
    component: lazyRouteComponent(() => import("../features/desks/DesksPage"), "DesksPage"),
  }),
];

/** Every component in all its states; never in what ships. */
const kitchen = createRoute({
  getParentRoute: () => root,
  path: "/dev/kitchen-sink",
  component:
    import.meta.env.MODE === "production"
      ? NotFound
      : lazyRouteComponent(() => import("../features/kitchen/KitchenSinkPage"), "KitchenSinkPage"),
});

/** A router of its own for each window and each test. */
export function newRouter() {
  return createRouter({
    routeTree: root.addChildren([firstRun, signIn, wall, kitchen, inside.addChildren(pages)]),
    history: createHashHistory(),
    defaultErrorComponent: PageProblem,
    defaultPendingMs: 300,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof newRouter>;
  }
}
