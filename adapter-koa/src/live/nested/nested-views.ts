import {
  isWireTemplate,
  type JoinRefusal,
  type WireValue,
} from "@live-session/components/protocol";
import type { ComponentBuilder, NestedRenderer } from "../../render/wire-builder.js";
import { walk } from "../components/component-paths.js";
import type { DeclaredView } from "../declarations/live-view.js";
import type { Route } from "../declarations/route.js";
import { LiveError } from "../live-error.js";
import { buildNestedElement, type NestedElement, nestedIdOf } from "./nested-element.js";
import type { NestedUse } from "./nested-use.js";

/** Another page that a view requests, as the browser receives it. */
export type PageTarget = Extract<JoinRefusal, { reason: "redirect" | "live_redirect" }>;

/** The channel of a nested view, as its parent uses it. */
export interface RunningNested {
  /** Ends the view and notifies its browser. */
  close(): void;
}

/** The channel of the view that contains a nested view, as the nested view uses it. */
export interface NestedParent {
  readonly topic: string;
  /** Sends the browser of the page to a place that a nested view has requested. */
  follow(target: PageTarget): void;
}

/** A nested view that a parent shows, or will show again. */
export class NestedView {
  readonly id: string;
  readonly view: DeclaredView;
  readonly element: NestedElement;
  /** The topic of its parent. */
  readonly parentTopic: string;
  /** `undefined` after the parent has ended, until it is joined again. */
  parent: NestedParent | undefined;
  sticky = false;
  /** The session data of its next mount. */
  session: Readonly<Record<string, unknown>> = {};
  /** Its channel, while it is joined. */
  running: RunningNested | undefined;
  /** The render of the parent that has reached it last. */
  seen = 0;

  constructor({ view }: NestedUse, element: NestedElement, parent: NestedParent) {
    this.id = element.id;
    this.view = view;
    this.element = element;
    this.parent = parent;
    this.parentTopic = parent.topic;
  }
}

/** The nested views of a connection, by id. */
export type NestedById = Map<string, NestedView>;

/**
 * The nested views that one view shows. After a crash of the parent its nested views continue, and after a live navigation those
 * that are sticky: the next view of the same topic takes them if it shows them too.
 */
export class NestedViews implements NestedRenderer {
  readonly #parent: NestedParent;
  readonly #byId: NestedById;
  readonly #toElement: (id: string) => NestedElement;
  readonly #shown = new Set<NestedView>();
  readonly #dropped: NestedView[] = [];
  #run = 1;
  #seen = 0;

  /**
   * @param byId those of the connection
   * @param toElement creates the element of a view
   */
  constructor(parent: NestedParent, byId: NestedById, toElement: (id: string) => NestedElement) {
    this.#parent = parent;
    this.#byId = byId;
    this.#toElement = toElement;
  }

  /** Returns a view that the parent shows. */
  find(id: string): NestedView | undefined {
    const nested = this.#byId.get(id);
    return nested && this.#shown.has(nested) ? nested : undefined;
  }

  /** Begins a render of the parent. */
  begin(): void {
    this.#run++;
    this.#seen = 0;
  }

  render(use: NestedUse, previous: WireValue | undefined, builder: ComponentBuilder): WireValue {
    const nested = this.#open(use);
    if (nested.seen === this.#run && this.#shown.has(nested)) throw duplicateNested(use);
    nested.seen = this.#run;
    nested.sticky = use.sticky;
    nested.session = use.session;
    this.#shown.add(nested);
    this.#seen++;
    return buildNestedElement(nested.element, use.view.name, previous, builder).tree;
  }

  /** Ends a render of the parent: finds the views that it no longer shows. The render does not reach reused rows. */
  finish(tree: WireValue): void {
    if (this.#seen === this.#shown.size) return;
    const ids = new Set<string | undefined>();
    walk(tree, (node) => isWireTemplate(node) && ids.add(nestedIdOf(node)));
    for (const nested of this.#shown) {
      if (nested.seen !== this.#run && !ids.has(nested.id)) this.#drop(nested);
    }
  }

  /** Ends the views that are no longer shown. Called when the browser has been sent the render. */
  closeDropped(): void {
    for (const { running } of this.#dropped.splice(0)) running?.close();
  }

  /** Ends the views with the parent, except those that the next view of its topic may show. */
  end(survives: (nested: NestedView) => boolean): void {
    for (const nested of this.#shown) {
      if (survives(nested)) nested.parent = undefined;
      else this.#drop(nested);
    }
    this.closeDropped();
  }

  #open(use: NestedUse): NestedView {
    if (`lv:${use.id}` === this.#parent.topic) throw duplicateNested(use);
    const former = this.#byId.get(use.id);
    const isOurs = former?.parentTopic === this.#parent.topic;
    if (former?.parent && former.parent !== this.#parent) throw duplicateNested(use);
    if (former && isOurs && former.view.name === use.view.name) {
      former.parent = this.#parent;
      return former;
    }
    if (former) {
      if (former.seen === this.#run && this.#shown.has(former)) throw duplicateNested(use);
      this.#drop(former);
    }
    const nested = new NestedView(use, this.#toElement(use.id), this.#parent);
    this.#byId.set(use.id, nested);
    return nested;
  }

  #drop(nested: NestedView): void {
    this.#shown.delete(nested);
    if (this.#byId.get(nested.id) === nested) this.#byId.delete(nested.id);
    this.#dropped.push(nested);
  }
}

/** Ends the nested views that the former view of a topic has left and the present one, if there is one, does not show. */
export function closeUnclaimed(byId: NestedById | undefined, topic: string): void {
  for (const [id, { parent, parentTopic, running }] of byId ?? []) {
    if (parent || parentTopic !== topic) continue;
    byId?.delete(id);
    running?.close();
  }
}

/** Returns the route of a nested view: it belongs to the live session of its parent and has no path of its own. */
export const nestedRoute = ({ path, liveSession }: Route, view: DeclaredView): Route => ({
  path,
  view,
  liveAction: null,
  liveSession,
});

/** Creates the error about a nested view with the id of another view. */
export const duplicateNested = ({ view, id }: NestedUse): LiveError =>
  new LiveError("LIVE_ERR_NESTED", `another view of the page has the id of ${view.name} "${id}"`, {
    expected: "another id for each view of a page, such as one that contains socket.id",
  });
