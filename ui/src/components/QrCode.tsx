/** A QR code, dark on light in every theme: cameras read no other. */
import type { QrShown } from "../generated/wire";

/** The drawing. */
export function QrCode({ code, label }: { code: QrShown; label: string }) {
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${code.size} ${code.size}`}
      shapeRendering="crispEdges"
      className="size-48 max-w-full rounded-control border border-edge bg-white"
    >
      <path d={code.path} fill="#000" />
    </svg>
  );
}
