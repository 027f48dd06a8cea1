import { readFileSync, writeFileSync } from "node:fs";
import { getWebTypesData } from "custom-element-jet-brains-integration";
import { getVsCodeHtmlCustomData } from "custom-element-vs-code-integration";
import type { CustomElementDeclaration, JavaScriptModule, Package } from "custom-elements-manifest";
import { shell } from "./shell.js";

const components = "components";
const analyzer = "../node_modules/@custom-elements-manifest/analyzer/cem.js";
const directory = `${components}/dist`;
/** The custom elements manifest, which describes the elements to tools. */
export const manifestFile = `${directory}/custom-elements.json`;
const elements = [
  "src/light-nav.ts",
  "src/live-flash.ts",
  "src/live-notifications.ts",
  "src/live-session.ts",
];

/**
 * Writes what editors and other tools read of the elements, all of it taken from their doc comments: the custom
 * elements manifest, the custom data of VS Code, and the web-types of JetBrains' editors.
 *
 * @throws Error if the analyzer fails
 */
export async function buildManifest(): Promise<void> {
  const globs = elements.map((file) => `--globs ${file}`).join(" ");
  const analyze = `"${process.execPath}" ${analyzer} analyze --litelement --quiet --outdir dist`;
  if (!(await shell(`${analyze} ${globs}`, components))) {
    throw new Error("the elements cannot be analyzed");
  }
  const manifest: Package = JSON.parse(readFileSync(manifestFile, "utf8"));
  manifest.modules = manifest.modules.map(toPublic);
  write("custom-elements.json", manifest);
  // Both generators describe a manifest with more than the schema asks for.
  const elementsOnly = manifest as Parameters<typeof getVsCodeHtmlCustomData>[0];
  write("vscode.html-custom-data.json", JSON.parse(getVsCodeHtmlCustomData(elementsOnly, {})));
  const { name, version } = JSON.parse(readFileSync(`${components}/package.json`, "utf8"));
  // Its generator takes name and version from the folder that it runs in.
  write("web-types.json", { ...JSON.parse(getWebTypesData(elementsOnly, {})), name, version });
}

function write(file: string, content: unknown): void {
  writeFileSync(`${directory}/${file}`, `${JSON.stringify(content, null, 2)}\n`);
}

/** A module of the manifest as those see it who have the package: its compiled file, and what is public in it. */
function toPublic(module: JavaScriptModule): JavaScriptModule {
  const path = module.path.replace(/^src\/(.*)\.ts$/, "dist/$1.js");
  const tags = tagNamesIn(readFileSync(`${components}/${module.path}`, "utf8"));
  return {
    ...module,
    path,
    declarations: (module.declarations ?? []).map((declaration) => {
      const tagName = tags.get(declaration.name);
      return tagName ? toElement(declaration as CustomElementDeclaration, tagName) : declaration;
    }),
    exports: [
      ...(module.exports ?? []).map((exported) => ({
        ...exported,
        declaration: { ...exported.declaration, module: path },
      })),
      ...Array.from(tags, ([name, tagName]) => ({
        kind: "custom-element-definition" as const,
        name: tagName,
        declaration: { name, module: path },
      })),
    ],
  };
}

/** The tag names of the classes that a module hands to our `define`, which the analyzer does not know. */
function tagNamesIn(source: string): Map<string, string> {
  const definitions = source.matchAll(/^define\("(?<tag>[\w-]+)", (?<name>\w+)\);$/gm);
  return new Map(
    Array.from(definitions, ({ groups: { name = "", tag = "" } = {} }) => [name, tag]),
  );
}

function toElement(element: CustomElementDeclaration, tagName: string): CustomElementDeclaration {
  return {
    ...element,
    tagName,
    customElement: true,
    attributes: (element.attributes ?? []).map((attribute) => ({
      ...attribute,
      type: { text: attributeType(attribute.type?.text) },
    })),
    members: (element.members ?? []).filter(({ name }) => !name.startsWith("#")),
    // The analyzer also takes a variable for the name of an event that is dispatched.
    events: (element.events ?? []).filter(({ description }) => description),
  };
}

/** The type of an attribute with a property of the given type. One of JSON is a text to editors. */
function attributeType(propertyType = "string"): string {
  const type = propertyType.replaceAll(/ \| (null|undefined)/g, "");
  return /^(string|number|boolean)$/.test(type) ? type : "string";
}
