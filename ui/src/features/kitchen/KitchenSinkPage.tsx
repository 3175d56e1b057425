/** Every component in all its states, to be looked at and checked by machine. It is not part of what ships. */
import { PageHeader } from "../../components/PageHeader";

/** The kitchen sink. */
export function KitchenSinkPage() {
  return <PageHeader title="x" />;
}
