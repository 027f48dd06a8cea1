import {
  isWireTemplate,
  type WireDirective,
  type WireTemplate,
  type WireValue,
} from "@live-session/components/protocol";
import { html, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import type { WireBuilder } from "../../render/wire-builder.js";
import { walk } from "../components/component-paths.js";

/** The attributes of the `<live-session>` element of a nested view. */
export interface NestedElement {
  readonly id: string;
  /** The signed join token. */
  readonly token: string;
  readonly csrfToken: string;
  /** The path of the socket. */
  readonly url: string;
}

const toTemplate = ({ id, token, csrfToken, url }: NestedElement): TemplateResult =>
  html`<live-session id=${id} nested=${token} csrf-token=${csrfToken} url=${url}></live-session>`;

/** The key of the template on the wire, once it has been rendered. */
let elementKey: string | undefined;

/**
 * Builds the tree of a nested view's element. It is keyed, so that another nested view at the same place gets another element.
 */
export function buildNestedElement(
  element: NestedElement,
  view: string,
  previous: WireValue | undefined,
  builder: WireBuilder,
): { readonly tree: WireValue; readonly node: WireTemplate } {
  const tree = builder.child(keyed(`${view}/${element.id}`, toTemplate(element)), previous);
  const node = (tree as WireDirective).v[1] as WireTemplate;
  elementKey = node.t;
  return { tree, node };
}

/** Builds the tree of the element around a nested view in a page that does not connect. */
export function buildPlainElement(
  id: string,
  builder: WireBuilder,
): { readonly tree: WireValue; readonly node: WireTemplate } {
  const node = builder.child(html`<div id=${id}></div>`, undefined) as WireTemplate;
  return { tree: node, node };
}

/** Returns the id of the nested view whose element a template is; `undefined` for other templates. */
export const nestedIdOf = ({ t, v }: WireTemplate): string | undefined =>
  t === elementKey ? String(v[0]) : undefined;

/** Returns the elements of the nested views in a tree. */
export function nestedElementsOf(tree: WireValue): readonly NestedElement[] {
  const elements: NestedElement[] = [];
  walk(tree, (node) => {
    if (!isWireTemplate(node) || node.t !== elementKey) return;
    const [id = "", token = "", csrfToken = "", url = ""] = node.v.map(String);
    elements.push({ id, token, csrfToken, url });
  });
  return elements;
}
