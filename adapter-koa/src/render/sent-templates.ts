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

  /** The strings of a tree's templates that were not sent before, which now count as sent. */
  takeTree(tree: WireValue): Templates | undefined {
    const fresh = new Fresh(this.#keys);
    fresh.visit(tree);
    return fresh.templates;
  }

  /** The same for what a diff brings in. */
  takeDiff(diff: Diff): Templates | undefined {
    const fresh = new Fresh(this.#keys);
    for (const path in diff) {
      const change = diff[path] as WireValue | WireOrder;
      if (typeof change !== "object" || change === null) continue;
      if ("o" in change) for (const step of change.o) "v" in step && fresh.visit(step.v);
      else fresh.visit(change);
    }
    return fresh.templates;
  }
}

class Fresh {
  readonly #sent: Set<string>;
  templates: Record<string, TemplateStrings> | undefined;

  constructor(sent: Set<string>) {
    this.#sent = sent;
  }

  visit(value: WireValue): void {
    if (typeof value !== "object" || value === null || "j" in value || "n" in value) return;
    if ("t" in value && !this.#sent.has(value.t)) {
      this.#sent.add(value.t);
      this.templates ??= {};
      this.templates[value.t] = stringsOf(value.t);
    }
    const values = "l" in value ? value.l : value.v;
    for (const child of values) if (typeof child === "object") this.visit(child);
  }
}
