import type { FlashMessages } from "@live-session/components/protocol";
import type { TemplateResult } from "lit";
import { LiveError, quote } from "../live-error.js";

/** What the library itself assigns; these names cannot be assigned by an application. */
export interface RenderAssigns {
  readonly flash: FlashMessages;
  /** The action of the current route, or `null`. */
  readonly liveAction: string | null;
  /** For forms that post to the site. */
  readonly csrfToken: string;
}

/** A layout's input: the view's assigns, and the rendered view as `content`. */
export type LayoutAssigns = RenderAssigns & { readonly content: unknown };

/**
 * What stands around the views of a live session and is re-rendered with them. Across a live
 * navigation its nodes stay where they are.
 */
export type Layout<Needs extends object = object> = (
  assigns: Needs & LayoutAssigns,
) => TemplateResult;

/** @throws LiveError `LIVE_ERR_LAYOUT` when what is given as a layout is neither a function nor `false` */
export function assertLayout(layout: unknown, what: string): void {
  if (layout === undefined || layout === false || typeof layout === "function") return;
  throw new LiveError("LIVE_ERR_LAYOUT", `invalid ${what}`, {
    expected: "a function of the assigns that returns a template, or false",
    gotText: quote(layout),
  });
}
