import type { WireNode, WireTemplate, WireValue } from "@live-session/components/protocol";
import { isTemplateResult } from "lit/directive-helpers.js";
import { assertKept } from "../declarations/keep.js";
import { assertProvided } from "../declarations/provided-data.js";
import { LiveError } from "../live-error.js";
import { type MaybePromise, then } from "../maybe-promise.js";
import type { AsyncOutcome } from "../socket/async-result.js";
import { callInfoHandlers, type Receiver } from "../socket/info-handler.js";
import { runCallback, runSyncCallback } from "./component-error.js";
import { areSameProps, functionsIn } from "./component-props.js";
import { type ComponentOwner, ComponentSocket, type SocketComponent } from "./component-socket.js";
import type { ComponentUse } from "./component-use.js";
import { addressOf, type DeclaredComponent } from "./live-component.js";

type Values = Readonly<Record<string, unknown>>;

/** The operations that a running component needs from the set of all components of its view. */
export interface ComponentRegistry {
  readonly owner: ComponentOwner;
  changed(component: RunningComponent): void;
  keptChanged(): void;
  providedChanged(): void;
  returned(name: string): Values;
  handleAsync(component: RunningComponent, key: string, outcome: AsyncOutcome): MaybePromise<void>;
}

/** A component that a view shows: its state, and the tree that was rendered last. */
export class RunningComponent implements SocketComponent {
  readonly component: DeclaredComponent;
  readonly id: string;
  readonly address: string;
  readonly socket: ComponentSocket;
  /** Its tree; `undefined` until it is rendered. */
  node: WireTemplate | undefined;
  /** The key of its place in the page, if another component was shown there before. */
  key: number | undefined;
  /** The number of the render that has last reached it. */
  seen = 0;
  /** The names of the assigns that it provides to elements. */
  provided: readonly string[] = [];
  /** The names of the assigns that the browser keeps. */
  kept: readonly string[] = [];
  readonly #registry: ComponentRegistry;
  #props: Values | undefined;

  constructor({ component, id }: ComponentUse, registry: ComponentRegistry) {
    this.component = component;
    this.id = id;
    this.address = addressOf(component.name, id);
    this.#registry = registry;
    this.socket = new ComponentSocket(registry.owner, this);
  }

  get name(): string {
    return `${this.component.name}/${this.id}`;
  }

  get label(): string {
    const { component, id } = this;
    return `${component.name} ${JSON.stringify(id)} in ${this.#registry.owner.view.name}`;
  }

  /** Receives the props of a render. @returns whether the component must be rendered */
  receive(props: Values): boolean {
    const old = this.#props;
    this.#props = props;
    if (!old) {
      this.#mount(props);
      return true;
    }
    if (areSameProps(old, props)) {
      const functions = functionsIn(props);
      if (Object.keys(functions).length > 0)
        this.socket.assigns = { ...this.socket.assigns, ...functions };
      return this.socket.changed.size > 0;
    }
    const removed = Object.keys(old).filter((name) => !Object.hasOwn(props, name));
    const unset = Object.fromEntries(removed.map((name) => [name, undefined]));
    this.update({ ...unset, ...props });
    return true;
  }

  /** Assigns changed props and runs `update`. */
  update(props: Values): void {
    const { update } = this.component.definition;
    this.socket.assign(props);
    const context = { props: { ...this.#props, ...props }, socket: this.socket };
    if (update) runSyncCallback(this.label, "update", () => update(context));
  }

  /** Calls `render`. */
  render(): unknown {
    const { definition } = this.component;
    const { socket, label } = this;
    const rendered = runSyncCallback(label, "render", () =>
      (definition.render as (assigns: object, socket: object) => unknown)(socket.assigns, socket),
    );
    if (isTemplateResult(rendered)) return rendered;
    throw new LiveError("LIVE_ERR_TEMPLATE", `result of render of ${label} is not a template`, {
      expected: "html`…`",
      got: rendered,
    });
  }

  changed(): void {
    this.#registry.changed(this);
  }

  handleAsync(key: string, outcome: AsyncOutcome): MaybePromise<void> {
    return then(this.#registry.handleAsync(this, key, outcome), () => {});
  }

  keep(names: readonly string[]): void {
    assertKept(names, `keep of ${this.label}`);
    this.kept = [...new Set([...this.kept, ...names])];
    this.#registry.keptChanged();
  }

  provide(names: readonly string[]): void {
    assertProvided(names, `provide of ${this.label}`);
    this.provided = [...new Set([...this.provided, ...names])];
    this.#registry.providedChanged();
  }

  get handleInfo(): Receiver | undefined {
    const { handleInfo } = this.component.definition;
    const { socket } = this;
    return (
      handleInfo &&
      ((message, topic, id) =>
        runCallback(this.label, "handleInfo", () =>
          then(callInfoHandlers(handleInfo, { message, topic, id, socket }), () => {}),
        ))
    );
  }

  returned(): Values {
    return this.#registry.returned(this.name);
  }

  /** Whether a value of a tree is this component, which may have a key. @returns the tree of the component */
  placed(previous: WireValue | undefined): WireValue {
    const node = this.node as WireNode;
    if (this.key === undefined) return node;
    const old = previous as { readonly x?: unknown; readonly v?: readonly unknown[] } | undefined;
    const isSame = old?.x === "keyed" && old.v?.[0] === this.key && old.v[1] === node;
    return isSame ? (previous as WireValue) : { x: "keyed", v: [this.key, node] };
  }

  #mount(props: Values): void {
    const { mount, provide = [], keep = [] } = this.component.definition;
    if (keep.length > 0) this.keep(keep);
    this.socket.assign(props);
    const context = { props, socket: this.socket, kept: this.returned() };
    if (mount) runSyncCallback(this.label, "mount", () => mount(context));
    this.update(props);
    if (provide.length > 0) this.provide(provide);
  }
}
