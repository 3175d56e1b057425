/// <reference types="vite/client" />
declare module "react-aria-components/i18n/en-US" {
  const words: Record<string, Record<string, unknown>>;
  export default words;
}
