/** Lets a signed-in person through and sends everyone else where they have to begin. The desk guards the data itself. */
import { Navigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Loaded } from "../components/Loaded";
import { Skeleton } from "../components/Loading";
import { useSession } from "../session";

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
      {({ state }) => {
        if (state === "first_run") return <Navigate to="/first-run" replace />;
        if (state === "signed_out") return <Navigate to="/sign-in" replace />;
        return children;
      }}
    </Loaded>
  );
}
