import type { View } from "./view.js";
import type { ViewNavigation } from "./view-options.js";

/** The data to join a view. */
export interface JoinInfo {
  readonly id: string;
  readonly token: string;
  readonly csrfToken: string;
  /** The URL of the server's sockets, relative to the URL that the information was fetched from. */
  readonly url?: string;
  /** The paths of the live session, as the source of a regular expression. */
  readonly routes?: string | undefined;
  /** Performs the visits of a nested view. */
  readonly navigation?: ViewNavigation;
}

/** A `<live-session>` element whose view is not that of the page. */
export interface JoiningElement extends HTMLElement {
  readonly src: string | undefined;
  readonly csrfToken: string;
  readonly url: string;
  readonly view?: View | undefined;
  /** Joins its view again with other data. */
  handleStale(): void;
}

/**
 * Returns the data to join the view of an element: for a view of another page, fetches it from the `href` of its `src`; for a nested
 * view, takes it from the attributes when the view around it is shown.
 *
 * @throws Error when the server refuses, with the code `LIVE_ERR_NO_VIEW` when the element has no view.
 */
export async function findJoinInfo(element: JoiningElement, href: string): Promise<JoinInfo> {
  const { id, src, csrfToken, url } = element;
  if (src !== undefined) return fetchJoinInfo(new URL(href));
  const token = element.getAttribute("nested");
  const parent = element.parentElement?.closest<JoiningElement>("live-session");
  if (token === null || !parent) {
    const error = new Error("the view needs a token or a src");
    throw Object.assign(error, { code: "LIVE_ERR_NO_VIEW" });
  }
  await whenShown(parent);
  followParent(element, parent);
  restoreMarkers(element);
  const socketUrl = new URL(url, parent.view?.navigation.url ?? href).href;
  return { id, token, csrfToken, url: socketUrl, navigation: navigationOf(parent) };
}

/** The observers of the tokens of nested views. */
const observers = new WeakMap<Element, MutationObserver>();

/**
 * Joins a nested view again when another view takes the place of the one around it, as in a drop-in that gets another id. Its token
 * named the former one. When the same view is joined again, the nested view continues, although it gets a token too.
 */
function followParent(element: JoiningElement, parent: JoiningElement): void {
  const { view } = parent;
  observers.get(element)?.disconnect();
  const observer = new MutationObserver(() => {
    if (parent.view === view) return;
    observer.disconnect();
    element.handleStale();
  });
  observer.observe(element, { attributeFilter: ["nested"] });
  observers.set(element, observer);
}

/** Resolves when a view is shown. Until then, its hydration must not find the markers of the views inside it. */
async function whenShown(element: JoiningElement): Promise<void> {
  while (!element.view?.isJoined) await statusChange(element);
}

const statusChange = (element: Element): Promise<void> =>
  new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      observer.disconnect();
      resolve();
    });
    observer.observe(element, { attributeFilter: ["status"] });
  });

/** The view around a nested view performs its visits, since a nested view has no URL. */
const navigationOf = (parent: JoiningElement): ViewNavigation => ({
  get url() {
    return parent.view?.baseUrl ?? document.baseURI;
  },
  pending: undefined,
  isInside: () => false,
  visit: (to, options = {}) => parent.view?.visit(to, options),
  follow: (target) => parent.view?.navigation.follow(target) ?? false,
  redirect: (target) => parent.view?.navigation.redirect(target),
  handlePatched: () => {},
  cancel: () => {},
  close: () => {},
});

/** Gives the markers in the server's HTML the names that hydration expects, since the view around it has been hydrated. */
function restoreMarkers(element: Element): void {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_COMMENT);
  while (walker.nextNode()) {
    const marker = walker.currentNode as Comment;
    marker.data = marker.data.replace(/^~/, "");
  }
}

/**
 * Fetches the data to join the view at a URL. The request carries the user's cookies.
 *
 * @throws Error when the server refuses.
 */
export async function fetchJoinInfo(src: URL): Promise<JoinInfo> {
  const response = await fetch(src, {
    headers: { accept: "application/vnd.live-session+json" },
    credentials: "include",
  });
  const joinInfo: Partial<JoinInfo> | null = response.ok ? await response.json() : null;
  if (!joinInfo?.id || !joinInfo.token) throw new Error(`no view to join at ${src.pathname}`);
  return { csrfToken: "", ...joinInfo } as JoinInfo;
}
