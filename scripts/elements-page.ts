import type { CustomElementDeclaration, JavaScriptModule } from "custom-elements-manifest";

/** Returns the page of the reference about the elements, in Markdown. */
export function toElementsPage(modules: readonly JavaScriptModule[]): string {
  const elements = modules.flatMap(
    ({ declarations = [] }) => declarations as CustomElementDeclaration[],
  );
  return `# Elements\n\n${elements.map(toSection).join("\n")}`;
}

interface Row {
  readonly name: string;
  readonly description?: string;
  readonly type?: { readonly text: string };
  readonly default?: string;
}

function toSection(element: CustomElementDeclaration): string {
  const {
    tagName,
    description = "",
    attributes,
    members,
    events,
    slots,
    cssParts,
    cssProperties,
  } = element;
  return [
    `## \`<${tagName}>\`\n\n${description}\n`,
    toTable("Attributes", attributes),
    toTable("Properties", members as Row[]),
    toTable("Events", events),
    toTable(
      "Slots",
      slots?.map((slot) => ({ ...slot, name: slot.name || "(default)" })),
    ),
    toTable("Parts", cssParts),
    toTable("Custom properties", cssProperties),
  ].join("\n");
}

function toTable(title: string, rows: readonly Row[] = []): string {
  if (rows.length === 0) return "";
  const cells = rows.map(({ name, type, default: value, description }) =>
    [code(name), code(type?.text), code(value), toCell(description)].join(" | "),
  );
  return `### ${title}\n\n| name | type | default | |\n|---|---|---|---|\n| ${cells.join(" |\n| ")} |\n`;
}

function code(text: string | undefined): string {
  return text ? `\`${toCell(text)}\`` : "";
}

function toCell(text = ""): string {
  return text.replaceAll("\n", " ").replaceAll("|", "\\|");
}
