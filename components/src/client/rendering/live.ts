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

/** Renders like Lit's `live`: compares a value with the element's current one, not with the last render. */
export const live = directive(Live);
