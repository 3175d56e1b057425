/** Lets a signed-in person through and sends everyone else where they have to begin. The desk guards the data itself. */
import { Navigate, useLocation } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { WALL_ROLE } from "../access";
import { Loaded } from "../components/Loaded";
import { Skeleton } from "../components/Loading";
import { useSession } from "../session";
import { DeskProblemPage } from "./DeskProblemPage";
import { DuePage } from "./DuePage";

/** The gate before the pages. */
export function Gate({ children }: { children: ReactNode }) {
  const session = useSession();
  // Its other parts change with every navigation: a gate that follows them would send on without end.
  const pathname = useLocation({ select: (location) => location.pathname });
  const [isLater, setLater] = useState(false);
  return (
    <Loaded
      view={session}
      loading={
        <div className="p-6">
          <Skeleton lines={6} shape="rows" />
        </div>
      }
    >
      {(status) => {
        if (status.phase === "first_run") return <Navigate to="/first-run" replace />;
        if (status.phase === "sign_in") return <Navigate to="/sign-in" replace />;
        if (status.phase === "problem") return <DeskProblemPage status={status} />;
        if (status.who?.due && !isLater) {
          return <DuePage name={status.who.name} onLater={() => setLater(true)} />;
        }
        if (status.who?.role === WALL_ROLE && pathname !== "/wall") return <Navigate to="/wall" replace />;
        return children;
      }}
    </Loaded>
  );
}
