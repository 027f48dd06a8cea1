import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { filesUnder } from "../scripts/test-runner/test-files.js";

const root = path.resolve(import.meta.dirname, "..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

describe("the workflows of .github", () => {
  const ci = read(".github/workflows/ci.yml");
  const release = read(".github/workflows/release.yml");

  it("run the test command of the README", () => {
    const command = /^(npm ci && npm test)\b/m.exec(read("README.md"))?.[1];
    assert.ok(command);
    assert.ok(ci.includes(`- run: ${command}\n`));
  });

  it("test the oldest supported Node version and the later ones", () => {
    const { engines } = JSON.parse(read("package.json"));
    const oldest = /\d+/.exec(engines.node)?.[0];
    assert.match(ci, new RegExp(`node: \\[${oldest}, 22, 24\\]`));
  });

  it("run scripts that exist", () => {
    const { scripts } = JSON.parse(read("package.json"));
    const named = [...`${ci}${release}`.matchAll(/npm run ([\w:-]+)/g)].map(
      ([, name = ""]) => name,
    );
    assert.ok(named.length > 0);
    for (const name of named) assert.ok(name in scripts, name);
    assert.ok(existsSync(path.join(root, ".ci/run")));
  });

  it("publish all packages with one version and with provenance", () => {
    const { fixed, access } = JSON.parse(read(".changeset/config.json"));
    assert.deepEqual(fixed, [
      [
        "@live-session/components",
        "@live-session/adapter-koa",
        "create-live-session",
        "live-session",
      ],
    ]);
    assert.equal(access, "public");
    assert.match(release, /NPM_CONFIG_PROVENANCE: "true"/);
    assert.match(release, /id-token: write/);
  });
});

describe("the repository's address", () => {
  it("is the same in the packages, the workflows and the templates", () => {
    const { url } = JSON.parse(read("components/package.json")).repository;
    const expected = url.replace(/^git\+|\.git$/g, "");
    const files = [
      ...["components", "adapter-koa"].map((name) => `${name}/package.json`),
      "SECURITY.md",
      ...filesUnder(root, ".github").filter((file) => /\.(md|ya?ml)$/.test(file)),
    ];
    const addresses = files.flatMap(
      (file) => read(file).match(/https:\/\/github\.com\/live-session\/[\w-]+/g) ?? [],
    );
    assert.deepEqual(new Set(addresses), new Set([expected]));
  });
});
