import { writeFileSync } from "node:fs";
import type { CustomElementDeclaration } from "custom-elements-manifest";
import { analyzeElements } from "./manifest.js";
import { shell } from "./shell.js";

const typedoc = "scripts/typedoc/node_modules/typedoc/bin/typedoc";

// npm run docs [-- FOLDER]: writes the API reference from the doc comments, and the elements from their manifest.
const folder = process.argv[2] ?? "dist/reference";
const options = `--options scripts/typedoc/typedoc.json --out "${folder}"`;
if (!(await shell(`"${process.execPath}" ${typedoc} ${options}`))) process.exit(1);
const { modules } = await analyzeElements();
const elements = modules.flatMap(
  ({ declarations = [] }) => declarations as CustomElementDeclaration[],
);
writeFileSync(`${folder}/elements.md`, `# Elements\n\n${elements.map(toSection).join("\n")}`);
console.log(`${folder}/index.html, ${folder}/elements.md`);

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
