/** The computer says that its network is back: the desk asks the server at once instead of waiting its time. */
import { useEffect } from "react";
import { useBackend } from "../backend-context";

export function useNetworkBack(): void {
  const backend = useBackend();
  useEffect(() => {
    const back = () => {
      // How it went is told by the sync status.
      backend.call("sync_now").catch(() => undefined);
    };
    window.addEventListener("online", back);
    return () => window.removeEventListener("online", back);
  }, [backend]);
}
