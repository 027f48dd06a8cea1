import type { Element } from "domhandler";
import { failure } from "../failure.js";
import { closest, describeElement, type PageHtml } from "./page-html.js";

/** The result of a failed check: `raise` throws an error, `warn` emits a process warning. */
export type CheckLevel = "raise" | "warn" | "ignore";

/** Sets the level of each check of rendered pages. */
export interface PageChecks {
  /** Two elements in one tree have the same id; `"raise"` by default. */
  readonly duplicateId?: CheckLevel;
  /** A form with `live-change` has no id, so its input is lost when the connection is lost; `"warn"` by default. */
  readonly formWithoutId?: CheckLevel;
}

let levels: Required<PageChecks> = { duplicateId: "raise", formWithoutId: "warn" };

/** Sets the levels of checks for all later visits that do not set them in their options. */
export function setPageChecks(checks: PageChecks): void {
  levels = { ...levels, ...checks };
}

/** Checks the pages of a tab. Each warning is emitted once. */
export class PageChecker {
  readonly #levels: Required<PageChecks>;
  readonly #warned = new Set<string>();

  constructor(checks: PageChecks = {}) {
    this.#levels = { ...levels, ...checks };
  }

  /** @throws AssertionError for a failed check of the level `raise` */
  check(html: PageHtml): void {
    this.#report("duplicateId", duplicates(html), (ids) => `several elements have the id "${ids}"`);
    this.#report(
      "formWithoutId",
      html.all("form[live-change]:not([id])"),
      () => "a form with live-change has no id, so its input is lost when the connection is lost",
    );
  }

  #report(
    check: keyof PageChecks,
    found: readonly Element[],
    toMessage: (id: string) => string,
  ): void {
    const level = this.#levels[check];
    const [first] = found;
    if (!first || level === "ignore") return;
    const error = failure(toMessage(first.attribs.id ?? ""), {
      expected: `no such element; or checks: { ${check}: "ignore" }`,
      candidates: found.map(describeElement),
    });
    if (level === "raise") throw error;
    if (this.#warned.has(error.message)) return;
    this.#warned.add(error.message);
    process.emitWarning(error.message, "LiveTestWarning");
  }
}

/** Returns the elements with the first id that occurs twice. Ids are unique within a shadow root, not across roots. */
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
