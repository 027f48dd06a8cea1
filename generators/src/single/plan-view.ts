import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GenerateError } from "../generate-error.js";
import { addRoutes } from "../live/edit-router.js";
import type { Places, Plan } from "../plan/plan.js";
import type { Name } from "../source/names.js";
import { toSingleName } from "./plan-hook.js";

/**
 * Plans a view, its route in the first live session, and its test.
 *
 * @throws GenerateError when the name or the path is not valid.
 */
export function planView([given = "", path = ""]: readonly string[], { root }: Places): Plan {
  const name = toSingleName("view", given.replace(/Live$/, ""), "About");
  const route = path === "" ? `/${name.snake}` : path;
  if (!/^\/[\w/-]*$/.test(route)) {
    throw new GenerateError(
      `the path of the view is not valid\nExpected: a path such as /about\nGot: ${route}`,
    );
  }
  const view = `${name.camel}Live`;
  const file = `src/web/live/${name.kebab}-live.ts`;
  refuseTaken(join(root, file), file, view);
  return {
    files: [
      { path: file, content: viewCode(name) },
      { path: `test/web/live/${name.kebab}-live.test.ts`, content: viewTest(name, route) },
    ],
    edits: [
      addRoutes({
        imports: [[view, `./live/${name.kebab}-live.js`]],
        routes: [`.live("${route}", ${view})`],
      }),
    ],
    next: ["npm test", "npm run dev"],
  };
}

/** Refuses the name of a module that exports another kind of view, such as a function that creates one. */
function refuseTaken(module: string, file: string, view: string): void {
  if (!existsSync(module) || readFileSync(module, "utf8").includes(`const ${view} = liveView(`))
    return;
  throw new GenerateError(
    `the app has a file of this name, which belongs to something else\nExpected: another name\nGot: ${file}`,
  );
}

const titleOf = ({ prose }: Name) => `${prose.charAt(0).toUpperCase()}${prose.slice(1)}`;

function viewCode(name: Name): string {
  return `import { liveView } from "@live-session/adapter-koa";
import { html } from "lit";

/** The page "${titleOf(name)}". */
export const ${name.camel}Live = liveView("${name.pascal}Live", {
  types: {} as { own: { clicks: number } },
  mount({ socket }) {
    socket.pageTitle = "${titleOf(name)}";
    socket.assign({ clicks: 0 });
  },
  handleEvent: {
    click({ socket }) {
      socket.assign({ clicks: socket.assigns.clicks + 1 });
    },
  },
  render: ({ clicks }) => html\`
    <h1>${titleOf(name)}</h1>
    <p><button type="button" live-click="click">Clicked \${clicks} times</button></p>\`,
});
`;
}

function viewTest(name: Name, route: string): string {
  return `import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { visit } from "@live-session/adapter-koa/testing";
import { runningApp } from "../../support/app.js";

describe("the page ${titleOf(name)}", () => {
  const site = runningApp();

  it("counts clicks", async () => {
    const page = await visit(site().app, "${route}");
    await page.connect();
    await page.element("button", "Clicked 0 times").click();
    assert.ok(page.hasElement("button", "Clicked 1 times"));
  });
});
`;
}
