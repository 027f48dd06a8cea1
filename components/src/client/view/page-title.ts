/**
 * Sets the title of the page, between the `data-prefix` and `data-suffix` of its `<title>` element. For an empty title
 * it uses `data-default`.
 */
export function setPageTitle(title: string): void {
  const {
    prefix = "",
    suffix = "",
    default: fallback = "",
  } = document.querySelector<HTMLElement>("head > title")?.dataset ?? {};
  document.title = `${prefix}${title.trim() ? title : fallback}${suffix}`;
}
