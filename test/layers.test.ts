import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { filesUnder } from "../scripts/test-runner/test-files.js";
import { findCycles, findGroups, importsOf, readImports } from "./support/imports.js";
import { findsElements, findViolations } from "./support/layers.js";

const packages = ["components", "adapter-koa", "create", "generators", "demo"];

const root = path.resolve(import.meta.dirname, "..");

describe("the import layers", () => {
  const imports = readImports(root, packages);

  it("are kept", () => {
    assert.ok(imports.length > 100, "the sources were found");
    assert.deepEqual(findViolations(imports), []);
  });

  it("have no cycle among imports of values", () => {
    assert.deepEqual(findCycles(imports), []);
  });

  it("have no more than two files in a cycle of a package, types included", () => {
    assert.deepEqual(findGroups(imports), []);
  });

  it("have no client file that searches the page for an element of the library", () => {
    const files = filesUnder(root, "components/src/client").filter((file) => file.endsWith(".ts"));
    assert.ok(files.length > 30, "the client's files were found");
    const found = files.filter((file) =>
      findsElements(readFileSync(path.join(root, file), "utf8")),
    );
    assert.deepEqual(found, []);
  });
});

describe("findsElements", () => {
  for (const code of [
    'document.querySelector("live-session[token]")',
    "root.querySelectorAll<MainSession>('main live-session')",
    "document.querySelector(`light-nav`)",
  ]) {
    it(`finds ${code}`, () => assert.ok(findsElements(code)));
  }
  for (const code of [
    "document.querySelector('[live-click]')",
    'element.closest("live-session") === this.element',
  ]) {
    it(`allows ${code}`, () => assert.ok(!findsElements(code)));
  }
});

describe("findViolations", () => {
  const forbidden: [file: string, code: string, rule: RegExp][] = [
    ["components/src/protocol/tree.ts", 'import { html } from "lit";', /protocol imports nothing/],
    [
      "components/src/protocol/tree.ts",
      'import type { A } from "../events.js";',
      /protocol imports nothing/,
    ],
    [
      "components/src/client/connection/channel.ts",
      'import "../../live-session.js";',
      /client knows no elements/,
    ],
    [
      "components/src/client/connection/channel.ts",
      'import type { Visit } from "../navigation/visit.js";',
      /only the folders that layers.ts lists/,
    ],
    [
      "components/src/client/navigation/navigation.ts",
      'import { View } from "../view/view.js";',
      /only the folders that layers.ts lists/,
    ],
    [
      "components/src/client/navigation/navigation.ts",
      'import { MainPage } from "../page/main-page.js";',
      /imported by type or by import\(\)/,
    ],
    [
      "components/src/client/page/main-page.ts",
      'import { loadPage } from "../navigation/load-page.js";',
      /import only types from the rest/,
    ],
    ["components/src/context.ts", 'import { readFile } from "node:fs";', /know no server/],
    ["components/src/context.ts", 'export * from "@live-session/adapter-koa";', /know no server/],
    [
      "adapter-koa/src/koa/page.ts",
      'import "@live-session/components";',
      /takes only the protocol/,
    ],
    [
      "adapter-koa/src/live/channel.ts",
      'import type { Context } from "koa";',
      /only .*koa knows Koa/,
    ],
    ["adapter-koa/src/hooks/nav.ts", 'import { WebSocket } from "ws";', /only .*koa knows Koa/],
    ["adapter-koa/src/live/channel.ts", 'await import("node:http");', /only .*koa knows Koa/],
    [
      "adapter-koa/src/live/channel.ts",
      'import { page } from "../koa/page.js";',
      /what serves them/,
    ],
    [
      "adapter-koa/src/koa/page/document.ts",
      'import type { Rate } from "../connection/rate.js";',
      /only the folders that layers.ts lists/,
    ],
    [
      "adapter-koa/src/koa/session/csrf.ts",
      'import { createLive } from "../live.js";',
      /does not import live.ts/,
    ],
    [
      "adapter-koa/src/testing/html/page-html.ts",
      'import { LiveForm } from "../forms/live-form.js";',
      /only the folders that layers.ts lists/,
    ],
    [
      "adapter-koa/src/testing/page/page.ts",
      'import { visit } from "../visit.js";',
      /only failure.ts/,
    ],
    [
      "adapter-koa/src/render/diff.ts",
      'import { encodeHtml } from "./html/encode-html.js";',
      /does not import render\/html/,
    ],
    ["adapter-koa/src/testing/page.ts", 'import type Koa from "koa";', /knows no Koa/],
    ["adapter-koa/src/koa/page.ts", 'import { visit } from "../testing/visit.js";', /the test kit/],
    ["adapter-koa/src/index.ts", 'export { visit } from "./testing/visit.js";', /the test kit/],
    [
      "demo/src/app.ts",
      'import { visit } from "@live-session/adapter-koa/testing";',
      /the test kit/,
    ],
    ["demo/src/accounts/user.ts", 'import Koa from "koa";', /accounts know no Koa/],
    [
      "demo/src/accounts/user.ts",
      'import { onMount } from "@live-session/adapter-koa";',
      /accounts know no Koa/,
    ],
    ["demo/src/app.ts", 'import "../../adapter-koa/src/koa/page.js";', /by name/],
    ["demo/src/app.ts", 'import { it } from "../test/support/database.js";', /by name/],
    [
      "adapter-koa/src/live/hook.ts",
      'export { x } from "../index.js";',
      /index is for those outside/,
    ],
  ];
  for (const [file, code, rule] of forbidden) {
    it(`finds ${code} in ${file}`, () => {
      assert.match(findViolations(importsOf(file, code)).join("\n"), rule);
    });
  }

  const allowed: [file: string, code: string][] = [
    ["components/src/protocol/tree.ts", 'import { A } from "./message.js";'],
    ["components/src/client/connection/channel.ts", 'import { A } from "../../protocol/index.js";'],
    ["components/src/live-session.ts", 'import { View } from "./client/view/view.js";'],
    ["components/src/client/navigation/navigation.ts", 'await import("../page/main-page.js");'],
    [
      "components/src/client/navigation/navigation.ts",
      'import type { MainPage } from "../page/main-page.js";',
    ],
    [
      "components/src/client/page/main-page.ts",
      'import type { Visit } from "../navigation/visit.js";',
    ],
    ["adapter-koa/src/live/channel.ts", 'import { diff } from "../render/diff.js";'],
    ["adapter-koa/src/live/channel.ts", 'import { A } from "@live-session/components/protocol";'],
    ["adapter-koa/src/koa/page.ts", 'import type { Context } from "koa";'],
    [
      "adapter-koa/src/koa/connection/check-join.ts",
      'import type { LiveServices } from "../live-services.js";',
    ],
    [
      "adapter-koa/src/koa/connection/check-join.ts",
      'import { verifyJoinToken } from "../page/join-token.js";',
    ],
    ["adapter-koa/src/testing/forms/binding.ts", 'import { failure } from "../failure.js";'],
    [
      "adapter-koa/src/render/html/encode-html.ts",
      'import { shapeOfKey } from "../template-shape.js";',
    ],
    [
      "adapter-koa/src/testing/browser/app-server.ts",
      'import { Connection } from "../../koa/connection/connection.js";',
    ],
    ["adapter-koa/src/testing/page.ts", 'import { WebSocket } from "ws";'],
    ["demo/src/web/router.ts", 'import { LiveRouter } from "@live-session/adapter-koa";'],
  ];
  for (const [file, code] of allowed) {
    it(`allows ${code} in ${file}`, () => {
      assert.deepEqual(findViolations(importsOf(file, code)), []);
    });
  }
});

describe("findCycles and findGroups", () => {
  let root: string;

  before(() => {
    root = mkdtempSync(path.join(tmpdir(), "layers-test-"));
    mkdirSync(path.join(root, "demo/src/web"), { recursive: true });
  });
  after(() => rmSync(root, { recursive: true }));

  const write = (file: string, code: string) =>
    writeFileSync(path.join(root, "demo/src", file), code);

  it("finds a cycle over several files on disk", () => {
    write("a.ts", 'import { b } from "./web/b.js"; export const a = b;');
    write("web/b.ts", 'export * from "./c.js";');
    write("web/c.ts", 'const { a } = await import("../a.js"); export const b = a;');
    assert.deepEqual(findCycles(readImports(root, packages)), [
      ["demo/src/a.ts", "demo/src/web/b.ts", "demo/src/web/c.ts", "demo/src/a.ts"],
    ]);
  });

  it("ignores a cycle that only types close", () => {
    write("web/c.ts", 'import type { a } from "../a.js"; export const b: typeof a = 1;');
    assert.deepEqual(findCycles(readImports(root, packages)), []);
    assert.deepEqual(findGroups(readImports(root, packages)), [
      ["demo/src/a.ts", "demo/src/web/b.ts", "demo/src/web/c.ts"],
    ]);
  });
});
