import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import "@live-session/components";
import { LiveFileInputElement } from "@live-session/components/live-file-input.js";
import type { CustomElementDeclaration, Package } from "custom-elements-manifest";
import { html, type LitElement, type TemplateResult } from "lit";
import { renderPage } from "../../components/test/support/render-page.js";
import { warningAbout } from "../../generators/src/dev/browser/warnings.js";
import { toElementsPage } from "../../scripts/elements-page.js";
import { buildManifest } from "../../scripts/manifest.js";

const root = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, "components", file), "utf8");
const sorted = (names: Iterable<string>) => [...new Set(names)].sort();
const namesOf = (list: readonly { name: string }[] = []) => sorted(list.map(({ name }) => name));
const all = (text: string, pattern: RegExp) =>
  Array.from(text.matchAll(pattern), ([, name = ""]) => name);

/** The element that does not use Lit: what other elements declare is read from its source. */
const withoutLit = "live-file-input";
const classOf = (tag: string) => customElements.get(tag) as typeof LitElement;

/** Templates that render every part and slot of an element. */
const samples: Record<string, TemplateResult | undefined> = {
  "light-nav": html`<light-nav
    .items=${[{ id: "a", label: "A", navigate: "/a" }, { id: "b", label: "B", navigate: "/b" }]}
    active="a"
  ></light-nav>`,
  "live-notifications": html`<live-notifications
    .items=${[{ id: "a", title: "A", description: "One" }, { id: "b", title: "B" }]}
  ></live-notifications>`,
  "live-flash": html`<live-flash .flash=${{ info: "Saved.", error: "Lost." }}></live-flash>`,
};

/** The properties of a class that have setters. */
const accessorsOf = ({ prototype }: { readonly prototype: object }): Map<string, unknown> =>
  new Map(Object.entries(Object.getOwnPropertyDescriptors(prototype)).filter(([, { set }]) => set));

describe("the custom elements manifest", () => {
  const elements = new Map<string, CustomElementDeclaration>();
  const modules = new Map<string, string>();
  let folder: string;
  const readJson = (file: string) => JSON.parse(readFileSync(path.join(folder, file), "utf8"));

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "manifest-test-"));
    await buildManifest(folder);
    const manifest: Package = readJson("custom-elements.json");
    for (const module of manifest.modules) {
      for (const declaration of module.declarations ?? []) {
        const { tagName } = declaration as CustomElementDeclaration;
        assert.ok(tagName, declaration.name);
        elements.set(tagName, declaration as CustomElementDeclaration);
        modules.set(tagName, module.path);
      }
    }
  });

  after(() => rmSync(folder, { recursive: true }));

  it("offers the bindings as attributes of all elements to editors", () => {
    const names = namesOf(readJson("vscode.html-custom-data.json").globalAttributes);
    assert.ok(names.length > 30);
    for (const name of ["live-click", "live-keyup", "live-viewport-bottom", "live-ignore"])
      assert.ok(names.includes(name), name);
    assert.deepEqual(namesOf(readJson("web-types.json").contributions.html.attributes), names);
    // The development server warns about attributes that are not in its own list.
    assert.deepEqual(
      names.filter((name) => warningAbout(name) !== undefined),
      [],
    );
  });

  it("has every element that the sources define", () => {
    const sources = readdirSync(path.join(root, "components/src")).filter((file) =>
      file.endsWith(".ts"),
    );
    const tags = sources.flatMap((file) =>
      all(read(`src/${file}`), /^(?: *customElements\.)?define\("([\w-]+)"/gm),
    );
    assert.equal(tags.length, 5);
    assert.deepEqual(sorted(elements.keys()), sorted(tags));
  });

  it("describes every name in it", () => {
    for (const element of elements.values()) {
      assert.ok(element.description, element.name);
      const { attributes = [], members = [], events = [] } = element;
      const { cssParts = [], cssProperties = [], slots = [] } = element;
      for (const { name, description } of [
        attributes,
        members,
        events,
        cssParts,
        cssProperties,
        slots,
      ].flat())
        assert.ok(description, `${element.name}: ${name}`);
    }
  });

  it("lists the modules that can be imported", () => {
    const { exports } = JSON.parse(read("package.json"));
    for (const [tag, module] of modules)
      assert.equal(exports[`./${tag}.js`].default, `./${module}`);
  });

  it("lists the attributes and properties that the elements observe", () => {
    for (const [tag, { attributes, members }] of elements) {
      const { observedAttributes = [], elementProperties = accessorsOf(LiveFileInputElement) } =
        classOf(tag);
      // The element reads these two when it needs them, also from its ancestors.
      const read = tag === "live-session" ? ["no-view-transitions", "progress-delay"] : [];
      const observed = observedAttributes.filter((name) => name !== "defer-hydration");
      assert.deepEqual(namesOf(attributes), sorted([...observed, ...read]), tag);
      const properties = [...elementProperties.keys()].map(String);
      // The element sets the first two and reads the third when it joins.
      const unobserved = tag === "live-session" ? ["mountData", "debug", "connectParams"] : [];
      const fields = members?.filter(({ kind }) => kind === "field");
      assert.deepEqual(namesOf(fields), sorted([...properties, ...unobserved]), tag);
    }
  });

  it("lists the events that <live-session> dispatches", () => {
    const [, map = ""] = /interface LiveEventMap {(.*?)}/s.exec(read("src/events.ts")) ?? [];
    const events = all(map, /"([\w-]+)": \w+/g);
    assert.equal(events.length, 6);
    assert.deepEqual(namesOf(elements.get("live-session")?.events), sorted(events));
  });

  it("lists the parts and slots that the elements render", async () => {
    for (const [tag, element] of elements) {
      const page = samples[tag] ? await renderPage(samples[tag]) : "";
      const parts =
        tag === withoutLit
          ? all(read(`src/${tag}.ts`), /create\("\w+", "([\w-]+)"\)/g)
          : all(page, /\spart="([^"]+)"/g).flatMap((part) => part.split(" "));
      assert.deepEqual(namesOf(element.cssParts), sorted(parts), tag);
      assert.equal(element.slots?.length ?? 0, all(page, /<(slot)/g).length, tag);
    }
  });

  it("lists the custom properties of the styles with their defaults", () => {
    for (const [tag, element] of elements) {
      const { elementStyles = [] } = classOf(tag);
      const styles =
        tag === withoutLit ? read(`src/${tag}.ts`) : elementStyles.map(String).join("");
      const used = Array.from(
        styles.matchAll(/var\((--[\w-]+), (.*?)\)[;\s]/g),
        ([, name = "", value = ""]): [string, string] => [name, value],
      );
      const named = (element.cssProperties ?? []).map(({ name, default: value }) => [name, value]);
      assert.deepEqual(named.sort(), [...new Map(used)].sort(), tag);
    }
  });

  it("is completely in the reference", () => {
    const page = toElementsPage(readJson("custom-elements.json").modules);
    for (const [tag, { attributes, events, cssParts, cssProperties }] of elements) {
      const section = page.split(/^## /m).find((text) => text.startsWith(`\`<${tag}>\``)) ?? "";
      for (const { name } of [attributes, events, cssParts, cssProperties].flatMap(
        (list) => list ?? [],
      ))
        assert.ok(section.includes(`| \`${name}\` |`), `${tag}: ${name}`);
    }
  });

  it("has the same content as the files for editors", () => {
    const { tags } = readJson("vscode.html-custom-data.json");
    const webTypes = readJson("web-types.json");
    const { name, version, ...fields } = JSON.parse(read("package.json"));
    assert.deepEqual([webTypes.name, webTypes.version], [name, version]);
    assert.equal(fields.customElements, "dist/custom-elements.json");
    assert.equal(fields["web-types"], "./dist/web-types.json");
    for (const described of [tags, webTypes.contributions.html.elements]) {
      assert.deepEqual(namesOf(described), sorted(elements.keys()));
      for (const { name: tag, attributes } of described)
        assert.deepEqual(namesOf(attributes), namesOf(elements.get(tag)?.attributes), tag);
    }
  });
});
