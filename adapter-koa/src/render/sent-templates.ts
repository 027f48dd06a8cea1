import type {
  Diff,
  TemplateStrings,
  Templates,
  WireOrder,
  WireValue,
} from "@live-session/components/protocol";
import { stringsOf } from "./template-shape.js";

/** The templates a connection has been sent, so that each one's strings travel at most once. */
export class SentTemplates {
  readonly #keys = new Set<string>();

  /** The strings of a tree's templates that were not sent yet, if there are any. */
  missingInTree(tree: WireValue): Templates | undefined {
    const missing = new Missing(this.#keys);
    missing.visit(tree);
    return missing.templates;
  }

  /** The same for what a diff brings in. */
  missingInDiff(diff: Diff): Templates | undefined {
    const missing = new Missing(this.#keys);
    for (const path in diff) {
      const change = diff[path] as WireValue | WireOrder;
      if (typeof change !== "object" || change === null) continue;
      if ("o" in change) for (const step of change.o) "v" in step && missing.visit(step.v);
      else missing.visit(change);
    }
    return missing.templates;
  }

  /** Counts templates as sent: once their frame is written, for until then it may fail. */
  add(templates: Templates): void {
    for (const key in templates) this.#keys.add(key);
  }
}

class Missing {
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
