/** Parts of one thing side by side; only one is shown. */
import type { ReactNode } from "react";
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from "react-aria-components";

/** One part. */
export interface TabPart {
  id: string;
  label: string;
  /** How many there are, beside the label. */
  count?: number;
  content: ReactNode;
}

export interface TabsProps {
  label: string;
  parts: readonly TabPart[];
  value?: string;
  onChange?(id: string): void;
}

/** Tabs; arrows move between them. */
export function Tabs({ label, parts, value, onChange }: TabsProps) {
  return (
    <AriaTabs
      selectedKey={value}
      onSelectionChange={(key) => onChange?.(String(key))}
      className="flex flex-col"
    >
      <TabList aria-label={label} className="flex flex-wrap gap-1 border-b border-line">
        {parts.map((part) => (
          <Tab
            key={part.id}
            id={part.id}
            className="-mb-px flex h-10 cursor-pointer items-center gap-2 border-b-2 border-transparent px-3 text-soft hover:text-ink selected:border-accent selected:font-semibold selected:text-ink"
          >
            {part.label}
            {part.count !== undefined && (
              <span className="rounded-full bg-sunken px-1.5 text-small font-medium text-soft">
                {part.count}
              </span>
            )}
          </Tab>
        ))}
      </TabList>
      {parts.map((part) => (
        <TabPanel key={part.id} id={part.id} className="py-4">
          {part.content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
