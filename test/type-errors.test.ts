import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { typeErrorsIn } from "./support/compiler.js";

const root = path.resolve(import.meta.dirname, "..");

const code = `
import { cont, LiveRouter, liveView, type MountContext, onMount } from "@live-session/adapter-koa";
import type { LiveSessionHandle } from "@live-session/components";
import { html } from "lit";

interface User { readonly email: string }
const router = new LiveRouter();
const render = () => html\`\`;
const audit = onMount("audit", (_: MountContext<{ currentUser: User }>) => cont());
const userLive = liveView("UserLive", { types: {} as { needs: { currentUser: User } }, render });
const roomLive = liveView("RoomLive", { types: {} as { params: { id: string } }, render });
declare const handle: LiveSessionHandle<{
  readonly save: { readonly payload: { readonly id: string }; readonly reply: object };
  readonly ask: { readonly payload: { readonly id: string }; readonly reply: object };
}>;

/* view */ router.liveSession("a").live("/", userLive);
/* hook */ router.liveSession("b", { onMount: [audit] });
/* path */ router.live("/rooms/:room", roomLive);
/* name */ handle.push("sav", { id: "1" });
/* payload */ handle.push("save", { id: 1 });
`;

describe("a type error prints", () => {
  let folder: string;
  let errors: readonly string[];

  before(() => {
    const cache = path.join(root, "node_modules/.cache");
    mkdirSync(cache, { recursive: true });
    folder = mkdtempSync(path.join(cache, "type-errors-test-"));
    writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(path.join(folder, "wrong.ts"), code);
    errors = typeErrorsIn(folder, ["wrong.ts"]);
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Returns the error of the line that begins with a comment. */
  function errorAt(comment: string): string {
    const line = code.split("\n").findIndex((text) => text.startsWith(`/* ${comment} */`)) + 1;
    return errors.find((error) => error.startsWith(`wrong.ts(${line},`)) ?? "";
  }

  it("the assigns that the hooks of a live session do not provide for a view", () => {
    assert.match(errorAt("view"), /"the session's hooks do not provide": \{ currentUser: User; \}/);
  });

  it("the assigns that earlier hooks do not provide for a hook", () => {
    assert.match(errorAt("hook"), /UnprovenHooks<\{ currentUser: User; \}>/);
  });

  it("the params that a path lacks", () => {
    assert.match(errorAt("path"), /"the path has no params": \{ id: string; \}/);
  });

  it("the names of the events that can be pushed", () => {
    assert.match(
      errorAt("name"),
      /'"sav"' is not assignable to parameter of type '"(save" \| "ask|ask" \| "save)"'/,
    );
  });

  it("the type of a payload's field", () => {
    assert.match(errorAt("payload"), /Type 'number' is not assignable to type 'string'/);
  });
});
