import type { LiveSessionStatus } from "../../context.js";
import type { BindingElement } from "../bindings/binder.js";
import type { ContentHost, ContentOptions } from "./content.js";

/** What a page tells its view with each join, as JSON. */
export type ConnectParamsOfPage = () => Readonly<Record<string, unknown>>;

/** What a view needs of its `<live-session>`. */
export interface ViewHost extends BindingElement, ContentHost {
  /** Asked before each join for what the page adds to its params. */
  readonly connectParams?: ConnectParamsOfPage | undefined;
  status: LiveSessionStatus;
  /** How often the view has been joined since the hand-over or the last live navigation. */
  mounts: number;
  /** Asked by a view that is not the main one for a new hand-over: the old one was not accepted. */
  handleStale(): void;
}

/** What a view is joined with. */
export interface ViewOptions extends ContentOptions {
  readonly id: string;
  readonly token: string;
  readonly csrfToken: string;
  /** The absolute URL of the view. */
  readonly url: string;
  /** Which paths the live session has, as the source of a regular expression. */
  readonly routes?: string | undefined;
  /** The view is the page's: it owns the address bar too. */
  readonly isMain: boolean;
}
