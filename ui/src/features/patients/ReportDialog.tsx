/** Everything that is held about a person goes into a file for them: where, sealed or open, and the code that is shown once. */
import { useId, useState } from "react";
import { useCommand } from "../../backend-context";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { ProblemBanner } from "../../components/Loaded";
import { RadioGroup } from "../../components/RadioGroup";
import { TextField } from "../../components/TextField";
import type { Language, ReportArgs, ReportShape, ReportWritten } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { usePreferences } from "../../preferences";

const SHAPES: readonly ReportShape[] = ["sealed", "pdf", "json"];
const LANGUAGES: readonly Language[] = ["en", "ml"];

export interface ReportDialogProps {
  patient: string;
  name: string;
  onClose(): void;
}

/** The dialog. The name of the file says nothing of the person. */
export function ReportDialog({ patient, name, onClose }: ReportDialogProps) {
  const t = useText();
  const form = useId();
  const write = useCommand<{ report: ReportArgs }, ReportWritten>("report_to_person");
  const [path, setPath] = useState(() => `wardroom-report-${new Date().toISOString().slice(0, 10)}`);
  const [shape, setShape] = useState<ReportShape>("sealed");
  const { language: ofWindow } = usePreferences();
  const [language, setLanguage] = useState<Language>(ofWindow);
  const [tried, setTried] = useState(false);
  const isMissing = path.trim() === "";
  const send = () => {
    setTried(true);
    if (!isMissing && !write.isPending) {
      write.mutate({ report: { patient, path: path.trim(), shape, language } });
    }
  };
  const written = write.data;
  return (
    <Dialog
      title={t("patients.report.of", { name })}
      isOpen
      onClose={onClose}
      actions={
        written ? (
          <Button variant="primary" size="large" onPress={onClose}>
            {t("patients.report.done")}
          </Button>
        ) : (
          <>
            <Button type="submit" form={form} variant="primary" size="large" isPending={write.isPending}>
              {t("patients.report.write")}
            </Button>
            <Button size="large" onPress={onClose}>
              {t("ui.cancel")}
            </Button>
          </>
        )
      }
    >
      {written ? (
        <Written written={written} />
      ) : (
        <form
          id={form}
          noValidate
          className="flex flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          <p className="text-table text-pretty text-soft">{t("patients.report.what")}</p>
          {write.error && <ProblemBanner problem={write.error} />}
          <TextField
            id="report-path"
            label={t("patients.report.path")}
            hint={t("patients.report.path.hint")}
            value={path}
            onChange={setPath}
            autoFocus
            error={tried && isMissing ? t("patients.report.path.missing") : undefined}
          />
          <RadioGroup
            id="report-how"
            label={t("patients.report.how")}
            choices={SHAPES.map((id) => ({ id, label: t(`patients.report.${id}`) }))}
            value={shape}
            onChange={(id) => setShape(SHAPES.find((each) => each === id) ?? "sealed")}
          />
          {shape !== "json" && (
            <RadioGroup
              id="report-language"
              label={t("patients.report.language")}
              layout="row"
              choices={LANGUAGES.map((id) => ({ id, label: t(`layout.language.${id}`) }))}
              value={language}
              onChange={(id) => setLanguage(LANGUAGES.find((each) => each === id) ?? ofWindow)}
            />
          )}
        </form>
      )}
    </Dialog>
  );
}

function Written({ written }: { written: ReportWritten }) {
  const t = useText();
  const { path, code, records, changes } = written;
  return (
    <Banner tone="watch" title={t("patients.report.written", { path })}>
      <p>{t("patients.report.count", { records, changes })}</p>
      <p>{t(code === null ? "patients.report.not_sealed" : "patients.report.code")}</p>
      {code !== null && <code className="block pt-1 font-mono text-title select-all">{code}</code>}
    </Banner>
  );
}
