import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import type { CustomElementDeclaration, Package } from "custom-elements-manifest";

const root = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

describe("the reference", () => {
  it("is made without a complaint", () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--import", "tsx", "scripts/reference.ts"],
      {
        cwd: root,
        encoding: "utf8",
      },
    );
    assert.equal(stderr, "");
    assert.equal(status, 0, stdout);
    assert.doesNotMatch(stdout, /warning|error/i);
    assert.match(read("dist/reference/modules/adapter-koa_src.html"), /createLive/);
  });

  it("has all elements with all of their attributes, events, parts and custom properties", () => {
    const page = read("dist/reference/elements.md");
    const { modules }: Package = JSON.parse(read("components/dist/custom-elements.json"));
    const elements = modules.flatMap(
      ({ declarations = [] }) => declarations as CustomElementDeclaration[],
    );
    assert.equal(elements.length, 4);
    for (const { tagName, attributes, events, cssParts, cssProperties } of elements) {
      const section = page.split(/^## /m).find((text) => text.startsWith(`\`<${tagName}>\``)) ?? "";
      for (const { name } of [attributes, events, cssParts, cssProperties].flatMap(
        (list) => list ?? [],
      ))
        assert.ok(section.includes(`| \`${name}\` |`), `${tagName}: ${name}`);
    }
  });
});
