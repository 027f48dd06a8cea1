import type { DeclaredView } from "../declarations/live-view.js";

/** A nested view in a template, as `nested(view, options)` returns it. */
export class NestedUse {
  readonly view: DeclaredView;
  readonly id: string;
  readonly sticky: boolean;
  readonly session: Readonly<Record<string, unknown>>;

  constructor(
    view: DeclaredView,
    id: string,
    sticky: boolean,
    session: Readonly<Record<string, unknown>>,
  ) {
    this.view = view;
    this.id = id;
    this.sticky = sticky;
    this.session = session;
  }
}
