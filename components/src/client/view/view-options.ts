import type { LiveSessionStatus } from "../../context.js";
import type { BindingElement } from "../bindings/binder.js";
import type { Navigation } from "../navigation/navigation.js";
import type { ContentHost, ContentOptions } from "./content.js";

/** Returns the JSON data that a page sends to its view with each join. */
export type ConnectParamsOfPage = () => Readonly<Record<string, unknown>>;

/** The `<live-session>` element as its view uses it. */
export interface ViewHost extends BindingElement, ContentHost {
  /** Called before each join. The view receives the result as `socket.connectParams`. */
  readonly connectParams?: ConnectParamsOfPage | undefined;
  status: LiveSessionStatus;
  /** The number of joins with this token since the last live navigation. */
  mounts: number;
  /** Called when the server has refused the token of a view that is not the main one. The element gets a new one. */
  handleStale(): void;
  /** Reports an error of the view, whose status is "error" from now on. */
  fail(code: string, message: string): void;
}

/** The data of a view that is joined. */
export interface ViewOptions extends ContentOptions {
  readonly id: string;
  readonly token: string;
  readonly csrfToken: string;
  /** The absolute URL of the view. */
  readonly url: string;
  /** The paths of the live session, as the source of a regular expression. */
  readonly routes?: string | undefined;
  /** Whether the view is the main one of the page, which owns the address bar and the title. */
  readonly isMain: boolean;
  /** Performs the visits; by default the view itself. */
  readonly navigation?: ViewNavigation | undefined;
}

/** The navigation of a view. */
export type ViewNavigation = Pick<
  Navigation,
  | "url"
  | "pending"
  | "isInside"
  | "visit"
  | "follow"
  | "redirect"
  | "handlePatched"
  | "cancel"
  | "close"
>;
