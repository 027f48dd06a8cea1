import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import { bodyParser } from "@koa/bodyparser";
import { visit } from "@live-session/adapter-koa/testing";
import Koa from "koa";
import { formBody } from "../../src/web/form-body.js";

const form = `<form method="post" action="/"><input type="hidden" name="user[news]" value="false">
  <input type="checkbox" name="user[news]" value="true" checked><input name="user.name" value="Ada">
  <input name="tags[]" value="a"><input name="tags[]" value="b"></form>`;

/** Answers GET with the form, and POST with the decoded fields. */
const app = new Koa();
app.use(bodyParser()).use(formBody());
app.use((ctx) => {
  const { body } = ctx.request as { readonly body?: unknown };
  ctx.body = ctx.method === "GET" ? form : `<p>${JSON.stringify(body)}</p>`;
});

describe("a posted form", () => {
  it("is decoded like an event of a live form", async () => {
    const page = await visit(app, "/");
    await page.form("form").submitToAction();
    const sent = { user: { news: "true" }, "user.name": "Ada", tags: ["a", "b"] };
    assert.deepEqual(JSON.parse(page.element("p").text), sent);
  });
});

describe("a posted body of another type", () => {
  it("stays as the body parser decodes it", async (t) => {
    const server = app.listen(0, "127.0.0.1");
    t.after(() => server.close());
    await once(server, "listening");
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, {
      method: "POST",
      headers: { "content-type": "application/json", connection: "close" },
      body: '{"user.name":["a"]}',
    });
    assert.equal(await answer.text(), '<p>{"user.name":["a"]}</p>');
  });
});
