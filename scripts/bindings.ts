/** A binding attribute, as editors describe it. */
export interface Binding {
  readonly name: string;
  readonly description: string;
}

/**
 * Returns the bindings in the table of a README. An attribute that is on its own in the first cell of a row, or with an
 * example of its value, is a binding; `live-value-NAME` has any name, so editors cannot know it.
 */
export function bindingsIn(readme: string): Binding[] {
  const section = readme.split(/^## /m).find((part) => part.startsWith("Bindings\n")) ?? "";
  return section.split("\n").flatMap((row) => {
    const [, names = "", effect = ""] = row.split(/(?<!\\)\|/);
    return Array.from(names.matchAll(/`(live-[a-z-]+[a-z])(?=[`=])/g), ([, name = ""]) => ({
      name,
      description: effect.trim(),
    }));
  });
}
