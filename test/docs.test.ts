import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { after, before, describe, it, mock } from "node:test";
import { pathToFileURL } from "node:url";
import type { LiveServer } from "../adapter-koa/test/support/server.js";
import { Visitor } from "../adapter-koa/test/support/visitor.js";
import { type CompiledTests, compileTests } from "../scripts/test-runner/compile-tests.js";
import { filesUnder } from "../scripts/test-runner/test-files.js";
import { type CodeBlock, codeBlocksOf } from "./support/code-blocks.js";
import { typeErrorsIn } from "./support/compiler.js";
import { freePort, getWhenUp } from "./support/listening.js";
import { anchorsOf, linksOf } from "./support/markdown.js";

const root = path.resolve(import.meta.dirname, "..");
const pages = [
  "README.md",
  "ARCHITECTURE.md",
  "adapter-koa/README.md",
  "components/README.md",
  ...filesUnder(root, "docs").filter((file) => file.endsWith(".md")),
];
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

describe("the code in the documents", () => {
  const blocks = pages.flatMap((page) => codeBlocksOf(page, read(page)));
  const started: ChildProcess[] = [];
  let folder: string;
  let compiled: CompiledTests;

  // The folder is inside the repository so that imports of the workspaces resolve, and where no tool looks for sources.
  before(async () => {
    mock.method(console, "log", () => {}); // Examples may write to the console.
    const cache = path.join(root, "node_modules/.cache");
    mkdirSync(cache, { recursive: true });
    folder = mkdtempSync(path.join(cache, "docs-test-"));
    writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }');
    for (const block of blocks) {
      mkdirSync(path.dirname(fileOf(block)), { recursive: true });
      // Empty lines before the code give errors the line numbers of the page.
      writeFileSync(fileOf(block), "\n".repeat(block.line) + block.code, { flag: "wx" });
    }
    compiled = await compileTests(blocks.map(sourceOf));
  });
  after(() => {
    for (const server of started) server.kill();
    compiled.remove();
    rmSync(folder, { recursive: true });
  });

  const fileOf = ({ page, file }: CodeBlock) => path.join(folder, page.replaceAll("/", "."), file);
  const sourceOf = (block: CodeBlock) =>
    path.relative(process.cwd(), fileOf(block)).replaceAll(path.sep, "/");
  const scriptOf = (block: CodeBlock) => compiled.compiled(sourceOf(block));
  const blocksTo = (use: CodeBlock["use"]) => blocks.filter((block) => block.use === use);

  it("compiles", () => {
    // Other checks report errors of the packages themselves.
    const errors = typeErrorsIn(folder, blocks.map(fileOf)).filter(
      (error) => error !== "" && !error.startsWith(".."),
    );
    assert.deepEqual(errors, []);
    assert.ok(blocks.length > 20, "the code blocks were found");
  });

  const elsewhere = new Set<CodeBlock["use"]>(["serve", "test", "browser"]);
  const here = blocks.filter(({ use }) => !elsewhere.has(use));
  /** The errors of the blocks that run, by the URL of their script. */
  let errors: Readonly<Record<string, string>> = {};
  const urlOf = (block: CodeBlock) => pathToFileURL(scriptOf(block)).href;
  before(() => {
    // A process of their own, because they define elements that other test files have defined.
    const script = `const errors = {};
      for (const url of ${JSON.stringify(here.map(urlOf))})
        await import(url).catch((error) => { errors[url] = error.stack });
      console.log("\\n" + JSON.stringify(errors));
      process.exit();`;
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
      encoding: "utf8",
    });
    errors = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  });
  for (const block of here) {
    it(`runs: ${block.page}:${block.line}`, () => {
      assert.equal(errors[urlOf(block)], undefined);
    });
  }

  for (const block of blocksTo("test")) {
    it(`passes: ${block.page}:${block.line}`, () => {
      const { status, stdout } = spawnSync(process.execPath, [scriptOf(block)], {
        env: { ...process.env, NODE_TEST_CONTEXT: undefined },
        encoding: "utf8",
      });
      assert.equal(status, 0, stdout);
      assert.match(stdout, /^. pass [1-9]/m);
    });
  }

  for (const block of blocksTo("serve")) {
    it(`serves a page that answers a click: ${block.page}:${block.line}`, async () => {
      const port = await freePort();
      const server = spawn(process.execPath, [scriptOf(block)], {
        env: { ...process.env, PORT: `${port}`, NODE_TEST_CONTEXT: undefined },
        stdio: ["ignore", "ignore", "inherit"],
      });
      started.push(server);
      const origin = `http://127.0.0.1:${port}`;
      const html = await getWhenUp(origin, server);
      const visitor = new Visitor({ origin, port } as LiveServer);
      const { page, connection } = await visitor.visit("/");
      const answer = await connection.click(page, /live-click="(\w+)"/.exec(html)?.[1] ?? "");
      connection.close();
      assert.equal(answer.status, "ok");
      assert.ok(answer.response.diff);
    });
  }
});

describe("the documents", () => {
  const folders = [
    "components",
    "adapter-koa",
    "demo",
    "docs",
    "examples",
    "bench",
    "scripts",
    "test",
    ".github",
  ];
  const documents = [
    ...readdirSync(root),
    ...folders.flatMap((folder) => filesUnder(root, folder)),
  ].filter((file) => file.endsWith(".md") && !/(^|\/)(node_modules|dist)\//.test(file));

  for (const page of documents) {
    it(`link only to existing files and headings: ${page}`, () => {
      const dead = linksOf(read(page)).filter(({ file, anchor }) => {
        const to = path.join(path.dirname(page), file);
        if (file !== "" && !existsSync(path.join(root, to))) return true;
        return anchor !== "" && !anchorsOf(read(file === "" ? page : to)).has(anchor);
      });
      assert.deepEqual(dead, []);
    });
  }

  it("are all listed in the index of the guides", () => {
    const index = linksOf(read("docs/README.md")).map(({ file }) => `docs/${file}`);
    const guides = documents.filter((file) => /^docs\/(?!README)[^/]+\.md$/.test(file));
    assert.ok(guides.length > 5);
    assert.deepEqual(
      guides.filter((file) => !index.includes(file)),
      [],
    );
  });
});

describe("the forms in the documents, the examples, the demo and the generated code", () => {
  const folders = ["examples", "demo/src", "create/template", "generators/src"];
  const sources = folders
    .flatMap((folder) => filesUnder(root, folder))
    .filter((file) => /\.(ts|js|html|md)$/.test(file) && !file.includes("node_modules"));
  // No two alternatives match the same character, so the time stays linear.
  const tags = /<form\b(?:\$\{[^}]*\}|"[^"]*"|[^>"$])*>/g;
  const forms = [...pages, ...sources].flatMap((file) =>
    Array.from(read(file).matchAll(tags), ([form]) => ({ file, form })).filter(({ form }) =>
      /\slive-(?:submit|change)=/.test(form),
    ),
  );

  // Without one, Enter puts the fields into the URL until the script has loaded.
  it("have a method", () => {
    assert.ok(forms.length > 20);
    assert.deepEqual(
      forms.filter(({ form }) => !/\smethod=/.test(form)),
      [],
    );
  });
});
