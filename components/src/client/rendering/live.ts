import { type AttributePart, Directive, directive, PartType } from "lit/directive.js";
import { setCommittedValue } from "lit/directive-helpers.js";

class Live extends Directive {
  render(value: unknown): unknown {
    return value;
  }

  override update(part: AttributePart, [value]: [unknown]): unknown {
    const { element, name } = part;
    const shown =
      part.type === PartType.PROPERTY
        ? (element as unknown as Record<string, unknown>)[name]
        : element.getAttribute(name);
    setCommittedValue(part, shown);
    return value;
  }
}

/** Lit's `live`: compares a value with what the element has now, not with what was rendered last. */
export const live = directive(Live);
