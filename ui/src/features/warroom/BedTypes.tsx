/** Occupancy by type of bed: how many are taken, how many are really free. */
import { Bar } from "../../components/Bar";
import { Panel } from "../../components/Panel";
import { TextLink } from "../../components/TextLink";
import type { BedTypeFigures } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";

/** The table. */
export function BedTypes({ beds }: { beds: readonly BedTypeFigures[] }) {
  const t = useText();
  const format = useFormat();
  return (
    <Panel title={t("warroom.beds")} aside={<TextLink href="/beds">{t("layout.rail.beds")}</TextLink>}>
      <table className="w-full text-table">
        <thead>
          <tr className="border-b border-line text-left text-small text-soft">
            <th className="py-1 font-medium">{t("warroom.beds.type")}</th>
            <th className="py-1 font-medium">{t("warroom.beds.occupied")}</th>
            <th className="py-1 text-right font-medium">{t("warroom.beds.free")}</th>
          </tr>
        </thead>
        <tbody>
          {beds.map(({ bed_type, figures }) => (
            <tr key={bed_type} className="border-b border-line last:border-0">
              <td className="py-1.5 pr-3">{t(`code.bed_type.${bed_type}`)}</td>
              <td className="w-40 py-1.5">
                <Bar label={t(`code.bed_type.${bed_type}`)} used={figures.occupied} total={figures.total} />
              </td>
              <td className="py-1.5 pl-3 text-right font-semibold tabular-nums">
                {format.number(figures.free)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
