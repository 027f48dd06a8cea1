import { readFileSync, writeFileSync } from "node:fs";
import type { CustomElementDeclaration, Package } from "custom-elements-manifest";
import { buildManifest, manifestFile } from "./manifest.js";
import { shell } from "./shell.js";

const typedoc = "scripts/typedoc/node_modules/typedoc/bin/typedoc";

// npm run docs: the API from the doc comments, and the elements from their manifest.
if (!(await shell(`"${process.execPath}" ${typedoc} --options scripts/typedoc/typedoc.json`)))
  process.exit(1);
await buildManifest();
const { modules }: Package = JSON.parse(readFileSync(manifestFile, "utf8"));
const elements = modules.flatMap(
  ({ declarations = [] }) => declarations as CustomElementDeclaration[],
);
writeFileSync("dist/reference/elements.md", `# Elements\n\n${elements.map(toSection).join("\n")}`);
console.log("dist/reference/index.html, dist/reference/elements.md");

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
