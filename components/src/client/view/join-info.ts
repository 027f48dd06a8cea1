/** The data that a page needs to join a view that its own server did not render. */
export interface JoinInfo {
  readonly id: string;
  readonly token: string;
  readonly csrfToken: string;
  /** The URL of the server's sockets, relative to the URL that the information was fetched from. */
  readonly url?: string;
  /** The paths of the live session, as the source of a regular expression. */
  readonly routes?: string | undefined;
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
