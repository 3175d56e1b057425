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
      <ol className="grid grid-cols-[repeat(auto-fit,minmax(88px,1fr))] gap-2" lang="en">
        {joined.words.map((word, index) => (
          <li
            key={`${index} ${word}`}
            className="rounded-control border border-edge bg-sunken px-2 py-3 text-center text-[18px] leading-6 font-semibold"
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
