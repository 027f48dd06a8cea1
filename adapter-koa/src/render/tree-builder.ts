import {
  isWireData,
  isWireDirective,
  isWireKeyedList,
  isWireList,
  isWireTemplate,
  type WireData,
  type WireKeyedList,
  type WireNothing,
  type WireValue,
} from "@live-session/components/protocol";
import { noChange, nothing, type TemplateResult } from "lit";
import { toAddressed } from "../live/components/addressed-template.js";
import { ComponentUse } from "../live/components/component-use.js";
import { firstNonJson } from "../live/json.js";
import { describe, LiveError } from "../live/live-error.js";
import { NestedUse } from "../live/nested/nested-use.js";
import type { Binding, UrlBinding } from "./binding.js";
import { toKeyedList } from "./keyed-list.js";
import { type ListOrigin, type ListOrigins, originOfCopy } from "./row-runs.js";
import { describeBinding, shapeOf, type TemplateShape } from "./template-shape.js";
import { findScriptScheme } from "./unsafe-url.js";
import type {
  ComponentBuilder,
  ComponentHost,
  ComponentRenderer,
  RowBuilder,
  Scope,
} from "./wire-builder.js";
import { toWireDirective } from "./wire-directive.js";

/**
 * Turns the result of `render` into wire values.
 *
 * Reuses parts of the previous tree: rows of keyed lists, the data of property bindings that is the same object, and
 * templates whose values are the same. Reused parts are equal by `===`, which the diff checks first.
 */
export class TreeBuilder implements RowBuilder, ComponentBuilder {
  /** Whether the render contains a keyed list. */
  hasKeyedLists = false;
  #origins: Map<WireKeyedList, ListOrigin> | undefined;
  readonly #mayReuse: () => boolean;
  readonly #view: string | undefined;
  readonly #host: ComponentHost | undefined;
  #components: ComponentRenderer | undefined;
  #scope: Scope | undefined;
  #shape: TemplateShape | undefined;
  #index = 0;
  #depth = 0;

  /**
   * @param mayReuse whether no assign that the templates have read has changed; `false` by default
   * @param view the name of the view, for errors
   * @param host the view whose components and nested views the templates may contain; by default they contain none
   */
  constructor(mayReuse: () => boolean = () => false, view?: string, host?: ComponentHost) {
    this.#mayReuse = mayReuse;
    this.#view = view;
    this.#host = host;
  }

  get scope(): Scope | undefined {
    return this.#scope;
  }

  /** Returns whether a list with the same items may be reused. Lists of components may not: their reads are not recorded. */
  mayReuse(): boolean {
    return this.#scope === undefined && this.#mayReuse();
  }

  inScope<Result>(scope: Scope, build: () => Result): Result {
    this.#components ??= this.#host?.useComponents();
    const outer = this.#scope;
    this.#scope = scope;
    const result = build();
    this.#scope = outer;
    return result;
  }

  /**
   * Returns the wire form of a value in child position.
   *
   * @throws LiveError `LIVE_ERR_TEMPLATE` naming the binding, for a value that has no wire form
   */
  child(value: unknown, previous: WireValue | undefined): WireValue {
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "number":
        return Number.isFinite(value) ? value : String(value);
      case "undefined":
        return null;
      case "bigint":
        return String(value);
      case "object":
        return value === null ? null : this.#structure(value, previous);
      default:
        if (value === nothing) return wireNothing;
        throw this.refuse(value === noChange ? "noChange" : describe(value));
    }
  }

  /** The origins of keyed lists that replace lists of the previous tree. */
  get origins(): ListOrigins | undefined {
    return this.#origins;
  }

  setOrigin(list: WireKeyedList, origin: ListOrigin): void {
    this.#origins ??= new Map();
    this.#origins.set(list, origin);
  }

  replaceRow(list: WireKeyedList, copy: WireKeyedList, position: number): void {
    this.setOrigin(copy, originOfCopy(list, this.#origins?.get(list), position));
  }

  /** Creates an error about the value that is being read. */
  refuse(
    got: string,
    expected = "a string, a number, a template, a list, or a supported directive",
  ): LiveError {
    const name = this.#scope?.label ?? this.#view;
    const owner = name === undefined ? "" : ` of ${name}`;
    return new LiveError(
      "LIVE_ERR_TEMPLATE",
      `a server template${owner} contains ${got} ${describeBinding(this.#shape, this.#index)}`,
      { expected },
    );
  }

  #structure(value: object, previous: WireValue | undefined): WireValue {
    if ("_$litType$" in value) return this.#template(value as TemplateResult, previous);
    if ("_$litDirective$" in value) {
      return (
        toKeyedList(
          this,
          value,
          previous !== undefined && isWireKeyedList(previous) ? previous : undefined,
        ) ?? this.#directive(childBinding, value, previous)
      );
    }
    if (value instanceof ComponentUse) return this.#component(value, previous);
    if (value instanceof NestedUse) return this.#nested(value, previous);
    if (Symbol.iterator in value) return this.#list(value as Iterable<unknown>, previous);
    throw this.refuse(describe(value));
  }

  #component(use: ComponentUse, previous: WireValue | undefined): WireValue {
    this.#components ??= this.#host?.useComponents();
    if (this.#components) return this.#components.render(use, previous, this);
    throw this.refuse("a component", "a component in the template of a view");
  }

  #nested(use: NestedUse, previous: WireValue | undefined): WireValue {
    if (this.#host) return this.#host.useNested().render(use, previous, this);
    throw this.refuse("a nested view", "a nested view in the template of a view");
  }

  #template(template: TemplateResult, previous: WireValue | undefined): WireValue {
    if (this.#scope === undefined) return this.#templateInScope(template, previous);
    const owner = this.#components?.slotOwner(template) ?? this.#scope;
    return this.inScope(owner, () => this.#templateInScope(template, previous));
  }

  #templateInScope(template: TemplateResult, previous: WireValue | undefined): WireValue {
    let result = template;
    let shape = shapeOf(result, this);
    const address = this.#scope?.address ?? "";
    if (address !== "" || shape.hasTargets) {
      result = toAddressed(template, address);
      shape = shapeOf(result, this);
    }
    this.#enter();
    const before =
      previous !== undefined && isWireTemplate(previous) && previous.t === shape.key
        ? previous.v
        : undefined;
    const outerShape = this.#shape;
    const outerIndex = this.#index;
    const { values } = result;
    const v: WireValue[] = new Array(values.length);
    let isSame = before?.length === values.length;
    for (let i = 0; i < values.length; i++) {
      this.#shape = shape;
      this.#index = i;
      const binding = shape.bindings[i] as Binding;
      if (binding.url?.index === i) this.#checkUrl(binding.url, values);
      v[i] =
        binding.kind === "child"
          ? this.child(values[i], before?.[i])
          : this.#attribute(binding, values[i], before?.[i]);
      if (v[i] !== before?.[i]) isSame = false;
    }
    this.#shape = outerShape;
    this.#index = outerIndex;
    this.#depth--;
    return isSame ? (previous as WireValue) : { t: shape.key, v };
  }

  #checkUrl(url: UrlBinding, values: readonly unknown[]): void {
    const scheme = findScriptScheme(url, values);
    if (scheme === undefined) return;
    throw this.refuse(
      `a URL with the scheme "${scheme}:"`,
      'a URL that runs no script, or unsafeUrl("…") if your own code creates it',
    );
  }

  #attribute(binding: Binding, value: unknown, previous: WireValue | undefined): WireValue {
    const { kind } = binding;
    if (kind === "event")
      throw this.refuse(describe(value), 'a binding such as live-click="event"');
    if (kind === "raw") {
      throw this.refuse(
        describe(value),
        "no value where HTML allows no element, such as in a comment, script, style, textarea, title, template, iframe or noscript",
      );
    }
    if (kind === "moved") {
      throw this.refuse(
        describe(value),
        "markup that the HTML parser leaves in place; it moves what a table cannot contain",
      );
    }
    if (typeof value === "object" && value !== null && "_$litDirective$" in value) {
      return this.#directive(binding, value, previous);
    }
    if (kind === "element") throw this.refuse(describe(value), "nothing between the attributes");
    if (kind === "boolean" && typeof value !== "symbol" && typeof value !== "function")
      return Boolean(value);
    if (typeof value !== "object" || value === null) return this.child(value, undefined);
    if (kind === "property" && !binding.url) return this.data(value, previous);
    return this.#toText(value);
  }

  #toText(value: object): string {
    if ("_$litType$" in value) throw this.refuse("a template");
    if (value instanceof ComponentUse) throw this.refuse("a component", "a component between tags");
    if (value instanceof NestedUse)
      throw this.refuse("a nested view", "a nested view between tags");
    return String(value);
  }

  #directive(binding: Binding, directive: object, previous: WireValue | undefined): WireValue {
    const before = previous !== undefined && isWireDirective(previous) ? previous : undefined;
    return toWireDirective(this, binding, directive, before);
  }

  /** Returns the wire form of JSON data for a property or a directive. */
  data(value: object, previous: WireValue | undefined): WireData {
    if (previous !== undefined && isWireData(previous) && previous.j === value) return previous;
    const path = firstNonJson(value);
    if (path !== undefined)
      throw this.refuse(`data that JSON cannot represent (${path})`, "JSON data");
    return { j: value };
  }

  #list(items: Iterable<unknown>, previous: WireValue | undefined): WireValue {
    if (!Array.isArray(items) && (items[Symbol.iterator]() as unknown) === items) {
      throw this.refuse("an iterator that can be read only once", "an array");
    }
    this.#enter();
    const before = previous !== undefined && isWireList(previous) ? previous.l : undefined;
    const l = Array.from(items, (item, i) => this.child(item, before?.[i]));
    this.#depth--;
    return { l };
  }

  /** Counts a template or a list around the values that are read next. */
  #enter(): void {
    if (++this.#depth <= maxDepth) return;
    throw this.refuse(
      "a list that contains itself, or templates and lists that are nested too deeply",
      `at most ${maxDepth} nested templates and lists`,
    );
  }
}

/**
 * How deeply templates and lists may be nested, on the server and on the wire. The browser renders them recursively,
 * and a stack holds several times as many.
 */
const maxDepth = 1000;
const childBinding: Binding = { kind: "child", name: "" };
const wireNothing: WireNothing = Object.freeze({ n: 1 });
