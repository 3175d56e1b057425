/** Every component in all its states, to be looked at and checked by machine. It is not part of what ships. */
import { PageHeader } from "../../components/PageHeader";
import { Panel } from "../../components/Panel";
import { Tabs } from "../../components/Tabs";
import { FieldsPart } from "./FieldsPart";
import { FiguresPart } from "./FiguresPart";
import { StatesPart } from "./StatesPart";
import { useSamples } from "./samples";
import { TablesPart } from "./TablesPart";

/** The kitchen sink. */
export function KitchenSinkPage() {
  const s = useSamples();
  return (
    <main className="mx-auto max-w-[1280px] p-5">
      <PageHeader title={s.title} detail="1093 × 614" />
      <div className="flex flex-col gap-4">
        <StatesPart />
        <FieldsPart />
        <FiguresPart />
        <TablesPart />
        <Panel>
          <Tabs
            label={s.details}
            parts={[
              { id: "a", label: s.summary, content: s.empty_text },
              { id: "b", label: s.rounds, count: 12, content: s.empty },
              { id: "c", label: s.samples, count: 0, content: s.empty },
            ]}
          />
        </Panel>
      </div>
    </main>
  );
}
