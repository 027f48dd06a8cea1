/** What the server gives a page that it did not render itself, to join a view with. */
export interface JoinInfo {
  readonly id: string;
  readonly token: string;
  readonly csrfToken: string;
  /** Where the server's sockets are, relative to the hand-over's own URL. */
  readonly url?: string;
  /** Which paths the live session has, as the source of a regular expression. */
  readonly routes?: string | undefined;
}

/**
 * Fetches the hand-over of the view at a URL, with the cookies that belong to it.
 *
 * @throws Error when the server has none for us.
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
