/** What the server gives a page that it did not render itself, to join a view with. */
export interface HandOver {
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
export async function fetchHandOver(src: URL): Promise<HandOver> {
  const response = await fetch(src, {
    headers: { accept: "application/vnd.live-session+json" },
    credentials: "include",
  });
  const handOver: Partial<HandOver> | null = response.ok ? await response.json() : null;
  if (!handOver?.id || !handOver.token) throw new Error(`no view to join at ${src.pathname}`);
  return { csrfToken: "", ...handOver } as HandOver;
}
