import type { FlashMessages } from "@live-session/components/protocol";
import type { TemplateResult } from "lit";

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
export type Layout<Needs extends object = object> = (assigns: Needs & LayoutAssigns) => TemplateResult;
