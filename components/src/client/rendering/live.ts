import { type AttributePart, Directive, directive, PartType } from "lit/directive.js";
import { setCommittedValue } from "lit/directive-helpers.js";

/** How often directives have run whose result depends on the page, not only on the view. They must run in each render. */
export let liveValues = 0;

/** Notes that such a directive runs. */
export function noteLiveValue(): void {
  liveValues++;
}

class Live extends Directive {
  render(value: unknown): unknown {
    return value;
  }

  override update(part: AttributePart, [value]: [unknown]): unknown {
    noteLiveValue();
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
