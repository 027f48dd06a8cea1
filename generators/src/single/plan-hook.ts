import { GenerateError } from "../generate-error.js";
import type { Plan } from "../plan/plan.js";
import { checkHookName, type Name, toName } from "../source/names.js";

/**
 * Plans a hook and its test.
 *
 * @throws GenerateError when the name is missing or not valid.
 */
export function planHook([given = ""]: readonly string[]): Plan {
  const name = toSingleName("hook", given, "logVisits");
  checkHookName(name);
  return {
    files: [
      { path: `src/web/hooks/${name.kebab}.ts`, content: hookCode(name) },
      { path: `test/web/hooks/${name.kebab}.test.ts`, content: hookTest(name) },
    ],
    edits: [],
    next: [
      "Add the hook to the live sessions that need it, in src/web/router.ts:",
      `  onMount: [${name.camel}, …]`,
    ],
  };
}

/** Returns the name of a hook or a view. @throws GenerateError when it is missing or not valid. */
export function toSingleName(what: string, given: string, example: string): Name {
  if (!/^[A-Za-z][\w-]*$/.test(given)) {
    throw new GenerateError(
      `the name of the ${what} is not valid\nExpected: a name such as ${example}\nGot: ${given === "" ? "nothing" : given}`,
    );
  }
  return toName(given);
}

function hookCode({ camel }: Name): string {
  return `import { cont, onMount } from "@live-session/adapter-koa";

/** Counts the events of a page, and gives its views the number as \`eventCount\`. */
export const ${camel} = onMount("${camel}", ({ socket }) => {
  let eventCount = 0;
  socket.attachHook("${camel}", "handleEvent", () => {
    eventCount++;
    return cont({ eventCount });
  });
  return cont({ eventCount });
});
`;
}

function hookTest({ camel, kebab, prose }: Name): string {
  return `import assert from "node:assert/strict";
import { it } from "node:test";
import { liveView } from "@live-session/adapter-koa";
import { visitView } from "@live-session/adapter-koa/testing";
import { html } from "lit";
import { ${camel} } from "../../../src/web/hooks/${kebab}.js";

const view = liveView("TestLive", {
  types: {} as { needs: { eventCount: number } },
  handleEvent: { ping() {} },
  render: ({ eventCount }) => html\`<button live-click="ping">\${eventCount}</button>\`,
});

it("${prose} counts the events of a page", async () => {
  const page = await visitView(view, { onMount: ${camel} });
  await page.connect();
  await page.element("button").click();
  assert.ok(page.hasElement("button", "1"));
});
`;
}
