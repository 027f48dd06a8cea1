import type { FlashMessages } from "@live-session/components/protocol";
import type { TemplateResult } from "lit";
import { LiveError, quote } from "../live-error.js";

/** The assigns that the library itself sets for each render. An application cannot set assigns of these names. */
export interface RenderAssigns {
  readonly flash: FlashMessages;
  /** The live action of the current route, or `null`. */
  readonly liveAction: string | null;
  /** The CSRF token for forms that post to the site. */
  readonly csrfToken: string;
}

/** The argument of a layout: the view's assigns, and the rendered view as `content`. */
export type LayoutAssigns = RenderAssigns & { readonly content: unknown };

/**
 * A template around the views of a live session. It must be a pure function of its argument, because it is rendered
 * again only if an assign that it has read has changed. A live navigation keeps the layout's DOM nodes.
 */
export type Layout<Needs extends object = object> = (
  assigns: Needs & LayoutAssigns,
) => TemplateResult;

/** Checks a layout. @throws LiveError `LIVE_ERR_LAYOUT` when `layout` is neither a function nor `false` nor `undefined` */
export function assertLayout(layout: unknown, name: string): void {
  if (layout === undefined || layout === false || typeof layout === "function") return;
  throw new LiveError("LIVE_ERR_LAYOUT", `${name} is invalid`, {
    expected: "a function that takes the assigns and returns a template, or false",
    gotText: quote(layout),
  });
}
