import { type ElementRenderer, LitElementRenderer, type RenderInfo } from "@lit-labs/ssr";
import { getElementRenderer } from "@lit-labs/ssr/lib/element-renderer.js";
import { collectResultSync } from "@lit-labs/ssr/lib/render-result.js";
import type { CustomElementStep } from "../compile-template.js";
import { escapeReturns } from "./escape-html.js";

/** The members that Lit's DOM shim adds to elements and slots, so that it can dispatch events through them. */
interface ShimTarget extends EventTarget {
  __eventTargetParent?: EventTarget | undefined;
  __slots?: Map<string | undefined, ShimTarget>;
}

/**
 * Renders custom elements with the renderers of `@lit-labs/ssr`: their properties, attributes and shadow
 * roots. Keeps the path by which a context event travels from an element to its ancestors.
 */
export class CustomElements {
  readonly #info: RenderInfo = {
    elementRenderers: [LitElementRenderer],
    customElementInstanceStack: [],
    customElementHostStack: [],
    eventTargetStack: [Reflect.get(globalThis, "litServerRoot")],
    slotStack: [],
    deferHydration: true,
  };

  /** The innermost open element. */
  get current(): ElementRenderer | undefined {
    return this.#info.customElementInstanceStack.at(-1);
  }

  start({ tagName, attributes }: CustomElementStep): void {
    const renderer = getElementRenderer(this.#info, tagName, undefined, new Map(attributes));
    const element = renderer.element as ShimTarget | undefined;
    if (element) {
      this.#connect(element);
      this.#info.eventTargetStack.push(element as HTMLElement);
    } else {
      this.#info.eventTargetStack.push(this.#info.eventTargetStack.at(-1));
    }
    for (const [name, value] of attributes) renderer.setAttribute(name, value);
    this.#info.customElementInstanceStack.push(renderer);
  }

  /** Returns the attributes of the current element. Called after everything that the template sets has been set. */
  attributes(): string {
    const { current } = this;
    current?.connectedCallback();
    return `${escapeReturns(collectResultSync(current?.renderAttributes() ?? []))} defer-hydration`;
  }

  /** Returns the shadow root of the current element, as declarative shadow DOM. */
  shadowRoot(): string {
    const { current } = this;
    if (!current) return "";
    this.#info.customElementHostStack.push(current);
    const content = current.renderShadow(this.#info);
    const html = content && collectResultSync(content);
    this.#info.customElementHostStack.pop();
    if (html === undefined) return "";
    const { mode = "open", delegatesFocus } = current.shadowRootOptions;
    const focus = delegatesFocus ? " shadowrootdelegatesfocus" : "";
    return `<template shadowroot="${mode}" shadowrootmode="${mode}"${focus}>${html}</template>`;
  }

  end(): void {
    this.#info.customElementInstanceStack.pop();
    this.#info.eventTargetStack.pop();
  }

  startSlotted(slot: string | undefined): void {
    this.#info.slotStack.push(slot);
  }

  endSlotted(): void {
    this.#info.slotStack.pop();
  }

  #connect(element: ShimTarget): void {
    const parent = this.#info.eventTargetStack.at(-1) as ShimTarget | undefined;
    const slot = parent?.__slots?.get(this.#info.slotStack.at(-1));
    element.__eventTargetParent = slot ?? parent;
  }
}
