import {
  isWireKeyedList,
  type WireKeyedList,
  type WireNode,
  type WireTemplate,
  type WireValue,
} from "@live-session/components/protocol";
import type { TemplateResult } from "lit";
import type { ComponentBuilder, ComponentRenderer } from "../../render/wire-builder.js";
import { LiveError } from "../live-error.js";
import type { MaybePromise } from "../maybe-promise.js";
import type { AsyncOutcome } from "../socket/async-result.js";
import { type Path, replaceAt, walk } from "./component-paths.js";
import { forEachTemplate } from "./component-props.js";
import type { ComponentOwner, ComponentSocket } from "./component-socket.js";
import type { ComponentUse } from "./component-use.js";
import type { DeclaredComponent } from "./live-component.js";
import { NodePlaces } from "./node-places.js";
import { type ComponentRegistry, RunningComponent } from "./running-component.js";

type Values = Readonly<Record<string, unknown>>;

/** Runs the `handleAsync` hooks and callback of a component. */
export type AsyncHandler = (
  component: RunningComponent,
  key: string,
  outcome: AsyncOutcome,
) => MaybePromise<void>;

/** A component whose changes have been rendered, for its `afterRender` hooks. */
export interface RenderedComponent {
  readonly socket: ComponentSocket;
  readonly changed: ReadonlySet<string>;
}

/** The state of the changed components at some time. */
export type ComponentsMark = ReadonlyMap<RunningComponent, ComponentSocket["assigns"]>;

/**
 * The components that a view shows. It mounts them during a render and drops those that the render does not reach. A change
 * of a component's assigns renders only that component, and puts its new tree into that of the view.
 */
export class Components implements ComponentRenderer, ComponentRegistry {
  readonly owner: ComponentOwner;
  readonly handleAsync: AsyncHandler;
  /** Whether kept assigns have changed since the last render. */
  hasKeptChanges = false;
  /** Whether provided assigns have changed since the last render. */
  hasProvidedChanges = false;
  readonly #byId = new Map<string, RunningComponent>();
  readonly #byAddress = new Map<string, RunningComponent>();
  readonly #declared = new Map<string, DeclaredComponent>();
  readonly #byNode = new WeakMap<WireNode, RunningComponent>();
  readonly #slots = new WeakMap<TemplateResult, RunningComponent | "view">();
  #changed = new Set<RunningComponent>();
  #rendered: RenderedComponent[] = [];
  /** The place of each component in the tree; `undefined` when the places are not known. */
  #paths: Map<RunningComponent, Path> | undefined;
  /** The place of each component in a tree that the view has released. */
  #places: NodePlaces<RunningComponent> | undefined;
  readonly #returned: Values;
  #hasKept = false;
  /** The number of the current render. */
  #run = 1;
  /** The number of components that the current render has reached. */
  #seen = 0;
  #lastKey = 0;

  /** @param returned the values of kept assigns that the browser has sent, by component */
  constructor(owner: ComponentOwner, returned: Values, handleAsync: AsyncHandler) {
    this.owner = owner;
    this.#returned = returned;
    this.handleAsync = handleAsync;
  }

  /** Whether components have changed since the last render. */
  get hasChanges(): boolean {
    return this.#changed.size > 0;
  }

  /** Returns the component that an event is for; `undefined` if the view shows it no longer. */
  find(address: string): RunningComponent | undefined {
    return this.#byAddress.get(address);
  }

  /** Gives props to a component, if the view shows it. */
  update({ name }: { readonly name: string }, id: string, props: Values): void {
    this.#byId.get(`${name}/${id}`)?.update(props);
  }

  /** Forgets what the components show, so that the next render of the view renders all of them. */
  forgetTrees(): void {
    for (const component of this.#byId.values()) component.node = undefined;
  }

  /** Releases the nodes of the components, because the view releases the tree that contains them. */
  release(tree: WireValue): void {
    this.#paths = undefined;
    this.#places = new NodePlaces(tree, (node) => {
      const component = this.#byNode.get(node);
      return component?.node === node ? component : undefined;
    });
    this.forgetTrees();
  }

  /** Finds the nodes of the components in a copy of the tree that the view had released. */
  restore(tree: WireValue): void {
    this.#places?.find(tree, (component, node) => {
      component.node = node as WireTemplate;
      this.#byNode.set(node, component);
    });
    this.#places = undefined;
  }

  /** Begins a render of the view, or of its changed components. */
  begin(): void {
    this.#run++;
    this.#seen = 0;
  }

  render(use: ComponentUse, previous: WireValue | undefined, builder: ComponentBuilder): WireValue {
    const component = this.#open(use);
    if (component.seen === this.#run) throw duplicate(component);
    component.seen = this.#run;
    this.#seen++;
    forEachTemplate(use.props, (template) => {
      if (!this.#slots.has(template)) this.#slots.set(template, this.#scopeOf(builder) ?? "view");
    });
    const isChanged = component.receive(use.props);
    if (isChanged || !component.node || this.#changed.has(component))
      this.#render(component, builder);
    const other = this.#shownAt(previous);
    if (other && other !== component) component.key ??= ++this.#lastKey;
    return component.placed(previous);
  }

  slotOwner(
    template: TemplateResult,
  ): { readonly address: string; readonly label?: string } | undefined {
    const owner = this.#slots.get(template);
    return owner === "view" ? { address: "" } : owner;
  }

  /** Ends a render of the view: drops the components that it has not reached, and renders those that have changed. */
  finish(tree: WireValue, builder: ComponentBuilder): WireValue {
    this.#paths = undefined;
    if (this.#seen < this.#byId.size) this.#dropUnreached(tree);
    return this.hasChanges ? this.renderChanged(tree, builder) : tree;
  }

  /** Renders the changed components. @returns the tree of the view with their new trees */
  renderChanged(tree: WireValue, builder: ComponentBuilder): WireValue {
    const depthOf = (component: RunningComponent) =>
      this.#pathsIn(tree).get(component)?.length ?? 0;
    let root = tree;
    let mayDrop = false;
    // A component may render those inside it, so the outer ones come first.
    for (const component of [...this.#changed].sort((a, b) => depthOf(a) - depthOf(b))) {
      if (!this.#changed.has(component)) continue;
      const path = this.#pathsIn(root).get(component);
      const old = component.node;
      if (!path || !old) {
        this.#changed.delete(component);
        continue;
      }
      component.seen = this.#run;
      const node = this.#render(component, builder);
      root = replaceAt(root, path, node, (from, to, position) => {
        if (isWireKeyedList(from)) builder.replaceRow(from, to as WireKeyedList, position);
        this.#copied(from, to);
      });
      if (!this.#movePaths(path, old, node)) mayDrop = true;
    }
    if (mayDrop) this.#dropUnreached(root);
    return root;
  }

  /** Returns the components that have been rendered because of a change, and forgets them. */
  takeRendered(): readonly RenderedComponent[] {
    const rendered = this.#rendered;
    if (rendered.length > 0) this.#rendered = [];
    return rendered;
  }

  /** Returns the assigns that components provide to elements. @throws LiveError `LIVE_ERR_PROVIDE` */
  provided(): Values {
    this.hasProvidedChanges = false;
    const values: Record<string, unknown> = {};
    for (const component of this.#byId.values()) {
      for (const name of component.provided) {
        if (Object.hasOwn(values, name)) {
          throw new LiveError(
            "LIVE_ERR_PROVIDE",
            `${component.label} provides an assign that another component provides`,
            {
              expected: "one component for each provided assign",
              gotText: name,
            },
          );
        }
        values[name] = component.socket.assigns[name];
      }
    }
    return values;
  }

  /** Returns the values of the kept assigns, by component; `undefined` if no component has kept any. */
  kept(): Values | undefined {
    if (!this.#hasKept) return undefined;
    this.hasKeptChanges = false;
    const values: Record<string, unknown> = {};
    for (const { name, kept, socket } of this.#byId.values()) {
      const assigned = kept.filter((each) => socket.assigns[each] !== undefined);
      if (assigned.length === 0) continue;
      values[name] = Object.fromEntries(assigned.map((each) => [each, socket.assigns[each]]));
    }
    return values;
  }

  /** Returns the state of the changed components now, for {@link showMark}. */
  mark(): ComponentsMark {
    return new Map([...this.#changed].map((component) => [component, component.socket.assigns]));
  }

  /** Calls a function that renders while the components show what they showed at a mark. */
  showMark<Result>(mark: ComponentsMark, render: () => Result): Result {
    const now = this.mark();
    const later = [...now].filter(([component, assigns]) => mark.get(component) !== assigns);
    this.#changed = new Set(mark.keys());
    for (const [component, assigns] of mark) component.socket.assigns = assigns;
    const result = render();
    for (const [component, assigns] of later) {
      component.socket.assigns = assigns;
      this.changed(component);
    }
    return result;
  }

  changed(component: RunningComponent): void {
    this.#changed.add(component);
    if (component.kept.length > 0) this.hasKeptChanges = true;
    if (component.provided.length > 0) this.hasProvidedChanges = true;
    this.owner.host.changed();
  }

  keptChanged(): void {
    this.#hasKept = true;
    this.hasKeptChanges = true;
  }

  providedChanged(): void {
    this.hasProvidedChanges = true;
  }

  returned(name: string): Values {
    return Object.hasOwn(this.#returned, name) ? Object(this.#returned[name]) : {};
  }

  #open(use: ComponentUse): RunningComponent {
    const { component, id } = use;
    const { name } = component;
    const declared = this.#declared.get(name) ?? component;
    if (declared !== component) {
      throw new LiveError("LIVE_ERR_COMPONENT", `two components are called ${name}`, {
        expected: "a name for each component",
      });
    }
    const key = `${name}/${id}`;
    let running = this.#byId.get(key);
    if (!running) {
      running = new RunningComponent(use, this);
      this.#declared.set(name, component);
      this.#byId.set(key, running);
      this.#byAddress.set(running.address, running);
    }
    return running;
  }

  #render(component: RunningComponent, builder: ComponentBuilder): WireTemplate {
    const { changed } = component.socket;
    this.#changed.delete(component);
    if (component.node && component.socket.hooks.afterRender.length > 0) {
      this.#rendered.push({ socket: component.socket, changed });
    }
    component.socket.changed = new Set();
    const template = component.render();
    const node = builder.inScope(component, () => builder.child(template, component.node));
    component.node = node as WireTemplate;
    this.#byNode.set(component.node, component);
    return component.node;
  }

  #scopeOf({ scope }: ComponentBuilder): RunningComponent | undefined {
    return scope instanceof RunningComponent ? scope : undefined;
  }

  /** Returns the component that was shown at a place. */
  #shownAt(previous: WireValue | undefined): RunningComponent | undefined {
    if (typeof previous !== "object" || previous === null) return undefined;
    const node = "x" in previous && previous.x === "keyed" ? previous.v[1] : previous;
    return typeof node === "object" && node !== null ? this.#byNode.get(node) : undefined;
  }

  #copied(from: WireNode, to: WireNode): void {
    const component = this.#byNode.get(from);
    if (!component) return;
    component.node = to as WireTemplate;
    this.#byNode.set(to, component);
  }

  #pathsIn(tree: WireValue): Map<RunningComponent, Path> {
    this.#paths ??= this.#findPaths(tree, []);
    return this.#paths;
  }

  /** Finds the components in a tree. @throws LiveError `LIVE_ERR_COMPONENT` when the tree contains one twice */
  #findPaths(tree: WireValue, start: Path): Map<RunningComponent, Path> {
    const paths = new Map<RunningComponent, Path>();
    walk(
      tree,
      (node, path) => {
        const component = this.#byNode.get(node);
        if (!component || component.node !== node) return;
        if (paths.has(component)) throw duplicate(component);
        paths.set(component, [...path]);
      },
      [...start],
    );
    return paths;
  }

  /** Notes where the components inside a rendered one are. @returns whether it contains all that it contained before */
  #movePaths(path: Path, old: WireTemplate, node: WireTemplate): boolean {
    const now = this.#findPaths(node, path);
    let containsAll = true;
    walk(old, (each) => {
      const component = this.#byNode.get(each);
      if (component && !now.has(component)) containsAll = false;
    });
    for (const [component, place] of now) this.#paths?.set(component, place);
    return containsAll;
  }

  #dropUnreached(tree: WireValue): void {
    this.#paths = undefined;
    const shown = this.#pathsIn(tree);
    for (const component of [...this.#byId.values()]) {
      if (!shown.has(component)) this.#drop(component);
    }
  }

  #drop(component: RunningComponent): void {
    this.#byId.delete(component.name);
    this.#byAddress.delete(component.address);
    this.#changed.delete(component);
    if (component.kept.length > 0) this.hasKeptChanges = true;
    if (component.provided.length > 0) this.hasProvidedChanges = true;
    component.socket.end();
  }
}

const duplicate = ({ label }: RunningComponent): LiveError =>
  new LiveError("LIVE_ERR_COMPONENT", `the template contains ${label} twice`, {
    expected: "another id for each component of a view",
  });
