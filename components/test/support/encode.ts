import { digestForTemplateResult } from "@lit-labs/ssr-client";
import { nothing, type TemplateResult } from "lit";
import { isTemplateResult } from "lit/directive-helpers.js";
import { membersOf } from "../../src/client/forms/form-members.js";
import type { TemplateStrings, WireNode, WireValue } from "../../src/protocol/index.js";

/** A template in the form that a server sends. */
export interface Encoded {
  readonly rendered: WireValue;
  readonly templates: Record<string, TemplateStrings>;
}

const wireKeys = ["t", "l", "n", "j", "x"];

/** Encodes a template. Values that are wire nodes already are not changed, so tests can pass any node. */
export function encode(value: unknown): Encoded {
  const templates: Record<string, TemplateStrings> = {};
  const walk = (value: unknown): WireValue => {
    if (value === nothing || value === undefined) return { n: 1 };
    if (typeof value !== "object" || value === null) return value as WireValue;
    if (Array.isArray(value)) return { l: value.map(walk) };
    if (isTemplateResult(value)) {
      const { strings, values } = value as TemplateResult;
      const t = digestForTemplateResult(value as TemplateResult);
      templates[t] = [...strings];
      return { t, v: values.map(walk) };
    }
    if (!wireKeys.some((key) => key in value)) return { j: value };
    const node = value as { l?: unknown[]; v?: unknown[] };
    return {
      ...node,
      ...(node.l && { l: node.l.map(walk) }),
      ...(node.v && { v: node.v.map(walk) }),
    } as WireNode;
  };
  return { rendered: walk(value), templates };
}

/** Creates the wire node that `repeat` becomes on the server. */
export function keyedList(
  entries: readonly (readonly [key: string | number, value: unknown])[],
): unknown {
  return { k: entries.map(([key]) => key), l: entries.map(([, value]) => value) };
}

const nothingShown = [null, undefined, ""];

/** Returns the HTML of an encoded template, with the markers that `@lit-labs/ssr` writes for hydration. */
export function serverHtml({ rendered, templates }: Encoded): string {
  const content = (value: unknown): string => {
    if (typeof value !== "object" || value === null) {
      return nothingShown.includes(value as null) ? "" : escapeHtml(String(value));
    }
    if ("l" in value) return (value.l as unknown[]).map(part).join("");
    return "";
  };
  const part = (value: unknown): string => {
    const node = value as { t?: string; v: unknown[]; x?: string };
    if (node?.t !== undefined)
      return `<!--lit-part ${node.t}-->${template(node.t, node.v)}<!--/lit-part-->`;
    if (node?.x === "keyed") return part(node.v[1]);
    if (node?.x === "unsafeHTML") {
      const digest = digestForTemplateResult({ strings: [node.v[0]] } as unknown as TemplateResult);
      return `<!--lit-part ${digest}-->${node.v[0]}<!--/lit-part-->`;
    }
    return `<!--lit-part-->${content(value)}<!--/lit-part-->`;
  };
  const template = (key: string, values: readonly unknown[]): string => {
    const strings = templates[key] as readonly string[];
    const element = document.createElement("template");
    let inTag = false;
    element.innerHTML = strings
      .map((text, i) => {
        inTag = text.lastIndexOf("<") > text.lastIndexOf(">") || (inTag && !text.includes(">"));
        if (i === strings.length - 1) return text;
        return text + (inTag ? `\u2063${i}\u2063` : `<!--\u2063${i}\u2063-->`);
      })
      .join("");
    fill(element.content, values);
    return element.innerHTML.replace(/<!--\u2063(\d+)\u2063-->/g, (_, i) => part(values[i]));
  };
  const fill = (content: DocumentFragment, values: readonly unknown[]): void => {
    const walker = document.createTreeWalker(
      content,
      NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_COMMENT,
    );
    const nodes: Node[] = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) nodes.push(node);
    for (const [index, node] of nodes.entries()) {
      if (!(node instanceof Element)) continue;
      const members = membersOf(node);
      const bound = [...members.attributes].filter(({ value }) => value.includes("\u2063"));
      if (bound.length === 0) continue;
      members.before(document.createComment(`lit-node ${index}`));
      for (const { name, value } of bound) setAttribute(members, name, value, values);
    }
  };
  return chooseOptions(part(rendered));
}

/** The attribute of a select with its value, until its options are written. */
const selectValue = "select-value";

function chooseOptions(html: string): string {
  if (!html.includes(selectValue)) return html;
  const template = document.createElement("template");
  template.innerHTML = html;
  for (const select of template.content.querySelectorAll("select")) {
    const value = select.getAttribute(selectValue);
    select.removeAttribute(selectValue);
    const chosen = [...select.options].find((option) => option.value === value);
    chosen?.setAttribute("selected", "");
  }
  return template.innerHTML;
}

function setAttribute(node: Element, name: string, text: string, values: readonly unknown[]): void {
  node.removeAttribute(name);
  const indexes = [...text.matchAll(/\u2063(\d+)\u2063/g)].map(([, i]) => Number(i));
  const first = values[indexes[0] as number] as
    | { n?: 1; x?: string; v?: unknown[]; j?: unknown }
    | string
    | null
    | undefined;
  const plain = name.replace(/^[.?]/, "");
  if (typeof first === "object" && first?.n) return;
  if (name.startsWith("?")) {
    if (first) node.setAttribute(plain, "");
  } else if (name.startsWith(".")) {
    const isEmpty = first === null || first === undefined;
    if (plain === "checked" && first) node.setAttribute(plain, "");
    if (plain !== "value" || isEmpty) return;
    if (node.localName === "textarea") node.textContent = String(first);
    else if (node.localName === "select") node.setAttribute(selectValue, String(first));
    else if (node.localName === "input") node.setAttribute(plain, String(first));
  } else {
    node.setAttribute(
      name,
      text.replace(/\u2063(\d+)\u2063/g, (_, i) => attributeText(values[i])),
    );
  }
}

function attributeText(value: unknown): string {
  const { x, v } = (value ?? {}) as { x?: string; v?: { j: Record<string, unknown> }[] };
  const info = v?.[0]?.j ?? {};
  if (x === "classMap")
    return Object.keys(info)
      .filter((name) => info[name])
      .join(" ");
  if (x === "styleMap")
    return Object.keys(info)
      .map((name) => `${name}:${info[name]};`)
      .join("");
  return String(value ?? "");
}

const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
