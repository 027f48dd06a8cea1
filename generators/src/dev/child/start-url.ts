const parameter = "live-session-start";
const marked = new RegExp(`[?&]${parameter}=(\\d+)`);

/** Whether a URL is that of a module of the app rather than of a package. */
export function isOwn(url: string): boolean {
  return url.startsWith("file:") && !url.includes("/node_modules/");
}

/** Adds the number of a start to the URL of a module. Node loads a module again if its URL is another one. */
export function withStart(url: string, start: number | string): string {
  return `${url}${url.includes("?") ? "&" : "?"}${parameter}=${start}`;
}

/**
 * Adds the number of the start that has loaded the parent of a module, if both belong to the app. Modules of packages keep
 * their URLs, so they stay loaded.
 */
export function withStartOf(url: string, parent: string | undefined): string {
  const start = marked.exec(parent ?? "")?.[1];
  return start === undefined || !isOwn(url) || marked.test(url) ? url : withStart(url, start);
}

/** Whether a URL contains the number of a start. */
export function hasStart(url: string): boolean {
  return marked.test(url);
}

/** Removes the numbers of starts from a stack, or from other output of an app. */
export function withoutStarts(text: string): string {
  return text.replaceAll(new RegExp(marked, "g"), "");
}
