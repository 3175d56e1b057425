/** Lets a signed-in person through and sends everyone else where they have to begin. The desk guards the data itself. */
import { Navigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Loaded } from "../components/Loaded";
import { Skeleton } from "../components/Loading";
import { useSession } from "../session";
import { DeskProblemPage } from "./DeskProblemPage";

/** The gate before the pages. */
export function Gate({ children }: { children: ReactNode }) {
  const session = useSession();
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
        return children;
      }}
    </Loaded>
  );
}
