import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import type { CustomElementDeclaration } from "custom-elements-manifest";
import { analyzeElements } from "../../scripts/manifest.js";

const root = path.resolve(import.meta.dirname, "../..");

describe("the reference", () => {
  let folder: string;
  const read = (file: string) => readFileSync(path.join(folder, file), "utf8");

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "reference-test-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("is generated without a warning", () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--import", "tsx", "scripts/reference.ts", folder],
      { cwd: root, encoding: "utf8" },
    );
    assert.equal(stderr, "");
    assert.equal(status, 0, stdout);
    assert.doesNotMatch(stdout, /warning|error/i);
    assert.match(read("modules/adapter-koa_src.html"), /createLive/);
  });

  it("has all elements with all of their attributes, events, parts and custom properties", async () => {
    const page = read("elements.md");
    const { modules } = await analyzeElements();
    const elements = modules.flatMap(
      ({ declarations = [] }) => declarations as CustomElementDeclaration[],
    );
    assert.equal(elements.length, 5);
    for (const { tagName, attributes, events, cssParts, cssProperties } of elements) {
      const section = page.split(/^## /m).find((text) => text.startsWith(`\`<${tagName}>\``)) ?? "";
      for (const { name } of [attributes, events, cssParts, cssProperties].flatMap(
        (list) => list ?? [],
      ))
        assert.ok(section.includes(`| \`${name}\` |`), `${tagName}: ${name}`);
    }
  });
});
