import { type DefaultTreeAdapterTypes, parseFragment } from "parse5";
import { countShapes } from "../template-shape.js";

type ParentNode = DefaultTreeAdapterTypes.ParentNode;

let checked = 0;

/**
 * Emits a process warning, in development, when the HTML parser of a browser would move content of a page out of the
 * element that contains it in the template, such as a `<div>` out of a `<p>`. The browser then renders the view again
 * instead of adopting the HTML. A page is checked only if it contains a template that no page before it has shown.
 */
export function warnOfMovedContent(view: string, html: string): void {
  if (countShapes() === checked) return;
  checked = countShapes();
  if (process.env.NODE_ENV === "production") return;
  const moved = findMovedContent(html);
  if (!moved) return;
  process.emitWarning(`a browser would change the HTML of ${view}: ${moved}`, {
    code: "LIVE_WARN_MOVED_CONTENT",
    type: "LiveWarning",
  });
}

/** Describes the first content that the parser moves, and how to fix it; `undefined` if there is none. */
export function findMovedContent(html: string): string | undefined {
  const fragment = parseFragment(html);
  return findMoved(fragment) ?? findFormOfRow(fragment);
}

function findMoved(fragment: ParentNode): string | undefined {
  const open: ParentNode[] = [];
  const visitMarker = (marker: string, parent: ParentNode): ParentNode | undefined => {
    if (marker.startsWith("lit-part")) open.push(parent);
    const start = marker === "/lit-part" ? open.pop() : parent;
    return start === parent ? undefined : start;
  };
  const visit = (parent: ParentNode): ParentNode | undefined => {
    for (const node of parent.childNodes) {
      const marked = "data" in node ? visitMarker(node.data, parent) : undefined;
      const found = marked ?? ("childNodes" in node ? visit(node) : undefined);
      if (found) return found;
    }
    return undefined;
  };
  const parent = visit(fragment);
  if (!parent) return undefined;
  const name = "tagName" in parent ? parent.tagName : "template";
  return `a parser moves content out of a <${name}>. ${advice[name] ?? `A <${name}> cannot contain it.`}`;
}

const rowParents: readonly string[] = ["table", "tbody", "thead", "tfoot", "tr"];

/**
 * Finds a form around the rows or cells of a table, which the parser closes at once. The fields of the page's HTML still
 * belong to it, but those of rows that an update inserts do not.
 */
function findFormOfRow(parent: ParentNode): string | undefined {
  for (const node of parent.childNodes) {
    if (!("childNodes" in node)) continue;
    const { tagName } = node as DefaultTreeAdapterTypes.Element;
    if (tagName === "form" && "tagName" in parent && rowParents.includes(parent.tagName)) {
      return (
        `a parser ends a <form> in a <${parent.tagName}> at once. ` +
        "Put the form around the table, or into a cell, and name it in the `form` attribute of the fields in other cells."
      );
    }
    const found = findFormOfRow(node);
    if (found) return found;
  }
  return undefined;
}

const advice: Readonly<Record<string, string>> = {
  a: "A link cannot contain another link.",
  button: "A button cannot contain another button.",
  form: "A form cannot contain another form.",
  p: "A <p> cannot contain blocks such as <div>, <ul> or <p>: use a <div> in place of the <p>.",
  table: "A <table> contains rows only: put the content into <tr><td>…</td></tr>.",
  tbody: "A <tbody> contains rows only: put the content into <tr><td>…</td></tr>.",
  tr: "A <tr> contains cells only: put the content into <td>…</td>.",
};
