import type {
  Diff,
  TemplateStrings,
  Templates,
  WireOrder,
  WireValue,
} from "@live-session/components/protocol";
import { stringsOf } from "./template-shape.js";

/** Remembers the templates that a connection has sent, so that the strings of each are sent at most once. */
export class SentTemplates {
  readonly #keys = new Set<string>();

  /** Returns the strings of a tree's templates that have not been sent; `undefined` if there are none. */
  missingInTree(tree: WireValue): Templates | undefined {
    const missing = new MissingTemplates(this.#keys);
    missing.visit(tree);
    return missing.templates;
  }

  /** Returns the strings of a diff's templates that have not been sent; `undefined` if there are none. */
  missingInDiff(diff: Diff): Templates | undefined {
    const missing = new MissingTemplates(this.#keys);
    for (const path in diff) {
      const change = diff[path] as WireValue | WireOrder;
      if (typeof change !== "object" || change === null) continue;
      if ("o" in change) for (const step of change.o) "v" in step && missing.visit(step.v);
      else missing.visit(change);
    }
    return missing.templates;
  }

  /** Records templates as sent. Call it after the frame is written, because writing may fail. */
  add(templates: Templates): void {
    for (const key in templates) this.#keys.add(key);
  }
}

/** Collects the strings of templates that have not been sent. */
class MissingTemplates {
  readonly #sent: ReadonlySet<string>;
  templates: Record<string, TemplateStrings> | undefined;

  constructor(sent: ReadonlySet<string>) {
    this.#sent = sent;
  }

  visit(value: WireValue): void {
    if (typeof value !== "object" || value === null || "j" in value || "n" in value) return;
    if ("t" in value && !this.#sent.has(value.t)) {
      this.templates ??= {};
      this.templates[value.t] ??= stringsOf(value.t);
    }
    const values = "l" in value ? value.l : value.v;
    for (const child of values) if (typeof child === "object") this.visit(child);
  }
}
