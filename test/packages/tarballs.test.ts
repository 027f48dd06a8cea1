import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { useRelease } from "./support/release.js";

const root = path.resolve(import.meta.dirname, "../..");
const publint = ["node_modules/publint/src/cli.js", "--strict"];
const typesCheck = ["node_modules/@arethetypeswrong/cli/dist/index.js", "--profile", "esm-only"];

function run(
  command: readonly string[],
  tarball: string,
): { status: number | null; output: string } {
  const args = [...command, tarball];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
  });
  return { status, output: stdout + stderr };
}

describe("the packed tarballs", { timeout: 300_000 }, () => {
  const release = useRelease();

  for (const name of ["components", "adapter-koa"]) {
    const tarball = () =>
      release().tarballs.find((file) => path.basename(file).includes(name)) ?? "";

    it(`of ${name} have an entry point for every consumer, according to publint`, () => {
      const { status, output } = run(publint, tarball());
      assert.equal(status, 0, output);
      assert.match(output, /All good!/);
    });

    it(`of ${name} have types that resolve from ES modules, according to attw`, () => {
      const { status, output } = run(typesCheck, tarball());
      assert.equal(status, 0, output);
    });
  }
});

describe("the package.json files", () => {
  const manifestOf = (name: string) =>
    JSON.parse(readFileSync(path.join(root, name, "package.json"), "utf8"));

  for (const name of ["components", "adapter-koa", "create", "generators"]) {
    const manifest = manifestOf(name);

    it(`of ${name} accept compatible versions of each dependency, so that users get security releases`, () => {
      const ranges = { ...manifest.dependencies, ...manifest.peerDependencies };
      for (const [dependency, range] of Object.entries<string>(ranges))
        assert.match(range, /^\^\d+\.\d+\.\d+$/, dependency);
    });

    it(`of ${name} build it whenever it is packed`, () => {
      assert.equal(manifest.scripts.prepack, `npm --prefix .. run -s build -- ${name}`);
    });

    it(`of ${name} leave the copy of Lit to the app`, () => {
      assert.equal(
        manifest.peerDependencies?.lit !== undefined,
        !["create", "generators"].includes(name),
      );
      assert.equal(manifest.dependencies.lit, undefined);
    });

    it(`of ${name} name the repository, its issues and keywords`, () => {
      assert.equal(manifest.repository.directory, name);
      assert.match(manifest.repository.url, /^git\+https:.*\.git$/);
      assert.match(manifest.bugs, /\/issues$/);
      assert.ok(manifest.homepage.includes(name));
      assert.ok(manifest.keywords.length >= 5);
    });
  }

  it("of all packages have one version", () => {
    for (const name of ["adapter-koa", "create", "generators"])
      assert.equal(manifestOf(name).version, manifestOf("components").version, name);
  });
});
