/**
 * Whether the browser opens a link, or the response to a form, in the same window.
 *
 * @param target the value of the element's `target`; without one, that of `<base>` applies
 */
export function opensHere(target: string | null): boolean {
  const actual = target ?? document.querySelector<HTMLBaseElement>("base[target]")?.target ?? "";
  return ["", "_self"].includes(actual);
}
