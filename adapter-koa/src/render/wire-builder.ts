import type { WireData, WireKeyedList, WireValue } from "@live-session/components/protocol";
import type { TemplateResult } from "lit";
import type { ComponentUse } from "../live/components/component-use.js";
import type { LiveError } from "../live/live-error.js";
import type { NestedUse } from "../live/nested/nested-use.js";
import type { ListOrigin } from "./row-runs.js";

/** Turns the parts of a render into wire values. Directives and lists use it for the values inside them. */
export interface WireBuilder {
  /** Turns a value in child position into its wire form. */
  child(value: unknown, previous: WireValue | undefined): WireValue;
  /** Turns JSON data for a property or a directive into its wire form. */
  data(value: object, previous: WireValue | undefined): WireData;
  /** Creates the error about the value that is being read. */
  refuse(got: string, expected?: string): LiveError;
}

/** A builder that can reuse the rows of a keyed list from the previous tree. */
export interface RowBuilder extends WireBuilder {
  /** Returns whether no assign that the templates have read has changed. */
  mayReuse(): boolean;
  /** Set when the render contains a keyed list. */
  hasKeyedLists: boolean;
  /** Is called for each list that replaces a list of the previous tree, so that the diff need not compare their rows again. */
  setOrigin(list: WireKeyedList, origin: ListOrigin): void;
}

/** The owner of a template: a component, or the view, whose address is empty. */
export interface Scope {
  /** Identifies the component in the events of its bindings. */
  readonly address: string;
  /** Names the component in errors. */
  readonly label?: string;
}

/** A builder that can render a component. */
export interface ComponentBuilder extends WireBuilder {
  /** The owner of the template that is being read; `undefined` for the view. */
  readonly scope: Scope | undefined;
  /** Calls a function that builds the tree of a component. */
  inScope<Result>(scope: Scope, build: () => Result): Result;
  /** Records a copy of a keyed list with one row replaced, so that the diff need not compare the other rows. */
  replaceRow(list: WireKeyedList, copy: WireKeyedList, position: number): void;
}

/** Renders the components of a view. */
export interface ComponentRenderer {
  /** Returns the tree of a component. */
  render(use: ComponentUse, previous: WireValue | undefined, builder: ComponentBuilder): WireValue;
  /**
   * Takes a template that a component has received as a prop, and returns its owner; `undefined` for other
   * templates.
   */
  slotOwner(template: TemplateResult): Scope | undefined;
}

/** Renders the elements of nested views. */
export interface NestedRenderer {
  /** Returns the tree of a nested view's element. */
  render(use: NestedUse, previous: WireValue | undefined, builder: ComponentBuilder): WireValue;
}

/** The socket of a view, which has components and nested views. */
export interface ComponentHost {
  /** Returns the components of the view. */
  useComponents(): ComponentRenderer;
  /** Returns the nested views of the view. */
  useNested(): NestedRenderer;
}
