import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { getWebTypesData } from "custom-element-jet-brains-integration";
import { getVsCodeHtmlCustomData } from "custom-element-vs-code-integration";
import type { CustomElementDeclaration, JavaScriptModule, Package } from "custom-elements-manifest";
import { bindingsIn } from "./bindings.js";
import { cached } from "./cache.js";
import { shell } from "./shell.js";
import { filesUnder } from "./test-runner/test-files.js";

const components = "components";
const analyzer = createRequire(import.meta.url).resolve(
  "@custom-elements-manifest/analyzer/cem.js",
);
const manifestFile = "custom-elements.json";
const config = "../scripts/custom-elements-manifest.config.mjs";

/**
 * Writes the files about the elements that editors and other tools read: the custom elements manifest, the custom data
 * of VS Code and the web-types of JetBrains' editors. Their content comes from the doc comments.
 *
 * @param directory - folder of the files
 * @throws Error if the analyzer fails
 */
export async function buildManifest(directory = `${components}/dist`): Promise<void> {
  const manifest = await analyzeElements();
  const write = (file: string, content: unknown): void =>
    writeFileSync(path.join(directory, file), `${JSON.stringify(content, null, 2)}\n`);
  mkdirSync(directory, { recursive: true });
  write(manifestFile, manifest);
  // Both generators declare stricter types than the schema of the manifest.
  const elementsOnly = manifest as Parameters<typeof getVsCodeHtmlCustomData>[0];
  const bindings = bindingsIn(readFileSync(`${components}/README.md`, "utf8"));
  const customData = JSON.parse(getVsCodeHtmlCustomData(elementsOnly, {}));
  write("vscode.html-custom-data.json", { ...customData, globalAttributes: bindings });
  const { name, version } = JSON.parse(readFileSync(`${components}/package.json`, "utf8"));
  // The generator takes name and version from the package of the current folder.
  const webTypes = JSON.parse(getWebTypesData(elementsOnly, {}));
  Object.assign(webTypes.contributions.html, { attributes: bindings });
  write("web-types.json", { ...webTypes, name, version });
}

/**
 * Returns the custom elements manifest, which describes the elements to tools. Analyzes the elements if their sources
 * have changed since the last time.
 *
 * @throws Error if the analyzer fails
 */
export async function analyzeElements(): Promise<Package> {
  const files = [config, ...filesUnder(components, "src").filter((file) => file.endsWith(".ts"))];
  const sources = files.map((file) => [file, readFileSync(path.join(components, file), "utf8")]);
  const manifest = await cached("manifest", sources, runAnalyzer);
  return { ...manifest, modules: manifest.modules.map(toPublic) };
}

async function runAnalyzer(): Promise<Package> {
  const folder = mkdtempSync(path.join(tmpdir(), "manifest-"));
  try {
    const outdir = path.relative(components, folder);
    const analyze = `"${process.execPath}" "${analyzer}" analyze --config ${config} --outdir "${outdir}"`;
    if (!(await shell(analyze, components))) throw new Error("the elements cannot be analyzed");
    return JSON.parse(readFileSync(path.join(folder, manifestFile), "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Converts a module of the manifest to the form that users of the package see: its compiled file and public names. */
function toPublic(module: JavaScriptModule): JavaScriptModule {
  const file = module.path.replace(/^src\/(.*)\.ts$/, "dist/$1.js");
  const tags = tagNamesIn(readFileSync(`${components}/${module.path}`, "utf8"));
  return {
    ...module,
    path: file,
    declarations: (module.declarations ?? []).map((declaration) => {
      const tagName = tags.get(declaration.name);
      return tagName ? toElement(declaration as CustomElementDeclaration, tagName) : declaration;
    }),
    exports: [
      ...(module.exports ?? []).map((exported) => ({
        ...exported,
        declaration: { ...exported.declaration, module: file },
      })),
      ...Array.from(tags, ([name, tagName]) => ({
        kind: "custom-element-definition" as const,
        name: tagName,
        declaration: { name, module: file },
      })),
    ],
  };
}

/** Finds the tag names of the classes that a module passes to our `define`, which the analyzer does not know. */
function tagNamesIn(source: string): Map<string, string> {
  const definitions = source.matchAll(/\bdefine\("(?<tag>[\w-]+)", (?<name>\w+)\);$/gm);
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
    // The analyzer also lists variables that hold the name of a dispatched event.
    events: (element.events ?? []).filter(({ description }) => description),
  };
}

/** Returns the type of the attribute of a property. Editors see an attribute with JSON as a string. */
function attributeType(propertyType = "string"): string {
  const type = propertyType.replaceAll(/ \| (null|undefined)/g, "");
  return /^(string|number|boolean)$/.test(type) ? type : "string";
}
