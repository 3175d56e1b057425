/** One of several things to choose from; shared by select, combo box, radio group and menu. */
export interface Choice {
  id: string;
  label: string;
  /** A second line. */
  detail?: string;
  isDisabled?: boolean;
}
