import type { Element } from "domhandler";
import { failure } from "../failure.js";
import { closest, describeElement, type PageHtml } from "./page-html.js";

/** What comes of a page that fails a check: an error, Node's process warning, or nothing. */
export type CheckLevel = "raise" | "warn" | "ignore";

/** The checks of rendered pages. */
export interface PageChecks {
  /** Two elements of one tree have the same id; `"raise"` by default. */
  readonly duplicateId?: CheckLevel;
  /** A form with `live-change` has no id, so what is typed is lost with the connection; `"warn"` by default. */
  readonly formWithoutId?: CheckLevel;
}

let levels: Required<PageChecks> = { duplicateId: "raise", formWithoutId: "warn" };

/** Sets what comes of checks that fail, for all later visits that do not say it themselves. */
export function setPageChecks(checks: PageChecks): void {
  levels = { ...levels, ...checks };
}

/** Looks over the pages that a tab shows; of a fault it warns once. */
export class PageChecker {
  readonly #levels: Required<PageChecks>;
  readonly #warned = new Set<string>();

  constructor(checks: PageChecks = {}) {
    this.#levels = { ...levels, ...checks };
  }

  /** @throws AssertionError for a fault that is to raise */
  check(html: PageHtml): void {
    this.#report("duplicateId", duplicates(html), (ids) => `several elements have the id "${ids}"`);
    this.#report(
      "formWithoutId",
      html.all("form[live-change]:not([id])"),
      () =>
        "a form with live-change has no id, so what is typed into it is lost with the connection",
    );
  }

  #report(check: keyof PageChecks, found: readonly Element[], say: (id: string) => string): void {
    const level = this.#levels[check];
    const [first] = found;
    if (!first || level === "ignore") return;
    const error = failure(say(first.attribs.id ?? ""), {
      expected: `no such element; or checks: { ${check}: "ignore" }`,
      candidates: found.map(describeElement),
    });
    if (level === "raise") throw error;
    if (this.#warned.has(error.message)) return;
    this.#warned.add(error.message);
    process.emitWarning(error.message, "LiveTestWarning");
  }
}

/** The elements of the first id that stands twice. Each shadow root has ids of its own. */
function duplicates(html: PageHtml): readonly Element[] {
  const byTree = new Map<Element | undefined, Map<string, Element[]>>();
  for (const element of html.all("[id]")) {
    const { id = "" } = element.attribs;
    const tree = closest(element, ({ attribs }) => "shadowrootmode" in attribs);
    const ids = byTree.get(tree) ?? new Map<string, Element[]>();
    byTree.set(tree, ids);
    ids.set(id, [...(ids.get(id) ?? []), element]);
  }
  const all = [...byTree.values()].flatMap((ids) => [...ids.values()]);
  return all.find((elements) => elements.length > 1) ?? [];
}
