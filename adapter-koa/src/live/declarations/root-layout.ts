/** The argument of a root layout. */
export interface RootLayoutPage {
  /** The page title of the view, or `undefined`. */
  readonly title: string | undefined;
  /** For `<meta name="csrf-token">` and forms outside the view. */
  readonly csrfToken: string;
  /** The URL of the client script, with its content hash; for `<script type="module" src=…>`. */
  readonly scriptUrl: string;
  /** The `<live-session>` element with the rendered view; put it into the body. */
  readonly content: unknown;
}

/**
 * Renders the document around a live page. It runs once, on the server, and uses the server-only `html` of
 * `@lit-labs/ssr`, which allows a whole document.
 */
export type RootLayout = (page: RootLayoutPage) => unknown;
