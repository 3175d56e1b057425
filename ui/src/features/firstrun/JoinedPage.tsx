/** Joined: whose words to compare, and the way to the sign-in. */
import { Banner } from "../../components/Banner";
import type { JoinedShown } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { StepFrame } from "./StepFrame";

/** The last page of joining. */
export function JoinedPage({ joined, onNext }: { joined: JoinedShown; onNext(): void }) {
  const t = useText();
  return (
    <StepFrame
      step={4}
      title={t("firstrun.joined", { facility: joined.facility_name })}
      detail={t("firstrun.joined.detail")}
      next={t("firstrun.joined.same")}
      onNext={onNext}
    >
      <ol className="flex flex-wrap gap-2" lang="en">
        {joined.words.map((word, index) => (
          <li
            key={`${index} ${word}`}
            className="rounded-control border border-edge bg-sunken px-2.5 py-2 text-[16px] leading-6 font-semibold"
          >
            {word}
          </li>
        ))}
      </ol>
      <Banner tone="watch" title={t("firstrun.joined.differ")}>
        {t("firstrun.joined.differ.what")}
      </Banner>
    </StepFrame>
  );
}
