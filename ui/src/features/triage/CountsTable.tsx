/** The counts of the form: each with what the records propose, yesterday's figure and the difference. */
import { Button as AriaButton } from "react-aria-components";
import { Button } from "../../components/Button";
import { Cell } from "../../components/Cell";
import { NumberField } from "../../components/NumberField";
import type { Proposal, TriageForm } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { COUNTS, countOf, type Entry, type Sheet } from "./filing";

interface CountsProps {
  form: TriageForm;
  sheet: Sheet;
  standing: Entry | null;
  isReadOnly: boolean;
  errorOf(field: string): string | undefined;
  onCount(field: string, value: number | null, problem?: string): void;
  /** Enter in a field: go to the next. */
  onEnter(field: string): void;
  onTakeAll(): void;
}

/** The table. */
export function CountsTable(props: CountsProps) {
  const t = useText();
  const { form, sheet, standing } = props;
  const open = form.proposals.filter(({ field }) => (sheet.counts[field] ?? null) === null).length;
  const head = "px-3 py-1.5 font-semibold align-bottom";
  return (
    <div className="panel relative overflow-x-auto">
      <table className="w-full border-collapse text-table">
        <caption className="sr-only">{t("triage.figures")}</caption>
        <thead>
          <tr className="border-b border-edge text-small text-soft">
            <th scope="col" className={`${head} pl-4 text-left`}>
              {t("triage.figure")}
            </th>
            <th scope="col" className={`${head} text-left`}>
              {t("triage.count")}
            </th>
            <th scope="col" className={`${head} text-left`}>
              <span className="flex min-h-6 items-center justify-between gap-3">
                {t("triage.proposal")}
                {open > 0 && !props.isReadOnly && (
                  <Button variant="secondary" onPress={props.onTakeAll} data-action="take-all">
                    {t("triage.take_all", { count: open })}
                  </Button>
                )}
              </span>
            </th>
            {standing && (
              <th scope="col" className={`${head} text-right`}>
                {t("triage.filed")}
              </th>
            )}
            <th scope="col" className={`${head} text-right`}>
              {t("triage.yesterday")}
            </th>
            <th scope="col" className={`${head} pr-4 text-right`}>
              {t("triage.difference")}
            </th>
          </tr>
        </thead>
        <tbody>
          {COUNTS.map((field, index) => (
            <CountRow key={field} {...props} field={field} isFirst={index === 0} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function CountRow(props: CountsProps & { field: string; isFirst: boolean }) {
  const t = useText();
  const format = useFormat();
  const { field, form, sheet, standing } = props;
  const value = sheet.counts[field] ?? null;
  const before = form.yesterday[field];
  const proposal = form.proposals.find((each) => each.field === field);
  const hint = `field.triage.${field}.hint`;
  return (
    <tr className="border-b border-line last:border-0">
      <th scope="row" className="py-1 pl-4 text-left font-medium">
        {t(`field.triage.${field}`)}
        {t.has(hint) && <span className="block text-small font-normal text-faint">{t(hint)}</span>}
      </th>
      <td className="px-3 py-1">
        <NumberField
          id={`triage.${field}`}
          label={t(`field.triage.${field}`)}
          labelIs="hidden"
          value={value}
          isReadOnly={props.isReadOnly}
          autoFocus={props.isFirst}
          error={props.errorOf(field)}
          onChange={(count, problem) => props.onCount(field, count, problem)}
          onEnter={() => props.onEnter(field)}
        />
      </td>
      <td className="px-3 py-1">
        {proposal && (
          <Proposed
            proposal={proposal}
            value={value}
            isReadOnly={props.isReadOnly}
            onTake={() => props.onCount(field, proposal.value)}
          />
        )}
      </td>
      {standing && (
        <td className="px-3 py-1 text-right text-soft tabular-nums">
          <Cell content={written(countOf(standing, field))} missing={t("ui.not_reported")} />
        </td>
      )}
      <td className="px-3 py-1 text-right text-soft tabular-nums">
        <Cell content={written(before ?? null)} />
      </td>
      <td className="py-1 pr-4 pl-3 text-right tabular-nums">
        {value !== null && before !== undefined ? (
          format.delta(value - before)
        ) : (
          <span aria-hidden="true" className="text-faint">
            –
          </span>
        )}
      </td>
    </tr>
  );

  function written(count: number | null): string | null {
    return count === null ? null : format.number(count);
  }
}

interface ProposedProps {
  proposal: Proposal;
  value: number | null;
  isReadOnly: boolean;
  onTake(): void;
}

function Proposed({ proposal, value, isReadOnly, onTake }: ProposedProps) {
  const t = useText();
  const format = useFormat();
  const source = t(`triage.source.${proposal.source}`);
  const figure = <b className="min-w-8 text-right tabular-nums">{format.number(proposal.value)}</b>;
  if (value === proposal.value || isReadOnly) {
    return (
      <span className="flex items-center gap-2 px-2 text-soft">
        {figure} {source}
        {value === proposal.value && <span className="text-ok">✓ {t("triage.taken")}</span>}
      </span>
    );
  }
  return (
    <AriaButton
      onPress={onTake}
      excludeFromTabOrder
      className="flex min-h-8 w-full cursor-pointer items-center gap-2 rounded-control px-2 text-left text-accent hover:bg-accent-tint"
    >
      <span className="sr-only">{t(`field.triage.${proposal.field}`)}</span>
      {figure}
      <span className="text-soft">{source}</span>
      <span className="ml-auto font-medium underline underline-offset-2">{t("triage.take_one")}</span>
    </AriaButton>
  );
}
