import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cont, halt, LiveRouter, liveView, onMount, redirect } from "@live-session/adapter-koa";
import fc from "fast-check";
import { html } from "lit";
import { Signer } from "../../../src/koa/session/signer.js";
import { type Answered, joinOf } from "../../support/connection.js";
import { secret, startServer } from "../../support/server.js";
import { Visitor } from "../../support/visitor.js";

/** The calls of the guarded view's callbacks, in order. */
const ran: string[] = [];

const guard = onMount("guard", ({ session }) => {
  const allowed = session.user === "admin";
  ran.push(`guard ${allowed}`);
  return allowed ? cont({ user: "admin" }) : halt(redirect("/log_in"));
});
const guardedLive = liveView("GuardedLive", {
  mount: () => void ran.push("mount"),
  handleParams: () => void ran.push("params"),
  handleEvent: { steal: () => void ran.push("event") },
  handleInfo: () => void ran.push("info"),
  render: () => html`<p>the secret</p>`,
});
const openLive = liveView("OpenLive", {
  handleEvent: { any: () => {} },
  render: () => html`<p>open</p>`,
});

function createRouter(): LiveRouter {
  const router = new LiveRouter().live("/implicit", openLive);
  router.liveSession("open", {}).live("/open", openLive).live("/open/:id", openLive);
  router
    .liveSession("guarded", { onMount: [guard] })
    .live("/guarded", guardedLive)
    .live("/guarded/:id", guardedLive);
  return router;
}

describe("any payload of a join", () => {
  it("runs no view of a guarded live session unless the guard consents", async (t) => {
    const limits = { joinsPerSecond: 100_000, eventsPerSecond: 100_000 };
    const server = await startServer(t, createRouter(), { limits });
    const visitor = new Visitor(server);
    const page = await visitor.load("/open");
    const implicit = await visitor.load("/implicit");
    const connection = await visitor.connect();
    const { d: open } = JSON.parse(
      Buffer.from(page.token.split(".")[0] ?? "", "base64url").toString(),
    );
    const forge = (change: (data: unknown[]) => void, key: string): string => {
      const data = structuredClone(open);
      change(data);
      return new Signer([key]).sign("join", data);
    };

    const paths = [
      "/guarded",
      "/guarded/",
      "/guarded/1",
      "/open",
      "/open/2",
      "/implicit",
      "/open/../guarded",
    ];
    const more = [
      "//guarded",
      "/%67uarded",
      "/open/%2e%2e/guarded",
      "/guarded?x=1",
      "/open#/guarded",
    ];
    const urls = fc.oneof(
      fc.constantFrom(...paths, ...more).map((path) => `${server.origin}${path}`),
      fc.constantFrom(
        "/guarded",
        "javascript:/guarded",
        "http://evil.example/guarded",
        "",
        "http://[",
      ),
      fc.jsonValue(),
    );
    const tokens = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(page.token, implicit.token) },
      fc.constantFrom(
        forge((data) => data.splice(2, 1, "guarded"), "a secret that the attacker has made up"),
        forge(
          (data) => data.splice(4, 1, { user: "admin" }),
          "a secret that the attacker has chosen",
        ),
        new Signer([secret]).sign("flash", open),
      ),
      fc.jsonValue(),
    );
    const params = fc.oneof(
      fc.constant({ _csrf_token: page.csrfToken }),
      fc.record({
        _csrf_token: fc.oneof(fc.constant(page.csrfToken), fc.jsonValue()),
        user: fc.constant("admin"),
      }),
      fc.jsonValue(),
    );
    const inOrder = { token: fc.constant(page.token), params: fc.constant(joinOf(page).params) };
    const payloads = fc.oneof(
      {
        weight: 9,
        arbitrary: fc.record(
          { ...inOrder, url: urls, redirect: urls },
          { requiredKeys: ["token"] },
        ),
      },
      {
        weight: 9,
        arbitrary: fc.record(
          {
            token: tokens,
            url: urls,
            redirect: urls,
            params,
            flash: fc.jsonValue(),
            session: fc.constant({ user: "admin" }),
            liveSession: fc.constant("guarded"),
            view: fc.constant("GuardedLive"),
            route: fc.constant("/guarded"),
            onMount: fc.constant([]),
          },
          { requiredKeys: [] },
        ),
      },
      fc.jsonValue(),
    );
    const topics = fc.constantFrom(
      `lv:${page.id}`,
      `lv:${page.id}`,
      `lv:${implicit.id}`,
      "lv:",
      "phoenix",
    );
    const events = fc.constantFrom(
      { event: "event", payload: { type: "click", event: "steal", value: {} } },
      { event: "live_patch", payload: { url: `${server.origin}/guarded` } },
      { event: "phx_leave", payload: {} },
    );

    let joined = 0;
    await fc.assert(
      fc.asyncProperty(
        topics,
        payloads,
        events,
        async (topic, payload, { event, payload: value }) => {
          const { status, response }: Answered = await connection.push(topic, "phx_join", payload);
          if (status === "ok") joined++;
          else
            assert.ok(
              ["stale", "unauthorized"].includes(response.reason),
              JSON.stringify(response),
            );
          assert.ok(!JSON.stringify(response).includes("the secret"));
          connection.send(topic, event, value);
          await connection.settled();
          assert.deepEqual(ran, []);
        },
      ),
      {
        numRuns: 500,
        examples: [[`lv:${page.id}`, joinOf(page), { event: "phx_leave", payload: {} }]],
      },
    );
    assert.ok(joined > 0, "some of the joins are good ones");
  });

  it("runs the guard first, with the current session, if the join is valid", async (t) => {
    const server = await startServer(t, createRouter());
    const visitor = new Visitor(server);
    ran.length = 0;
    assert.equal((await visitor.fetch("/guarded")).headers.location, "/log_in");
    assert.deepEqual(ran.splice(0), ["guard false"]);
    const page = await visitor.load("/open");
    const connection = await visitor.connect();
    // Even a genuine join token of the guarded session does not bypass the guard.
    const token = new Signer([secret]).sign("join", [1, page.id, "guarded", "/guarded", {}, {}]);
    const answer = await connection.join(page, { token, url: `${server.origin}/guarded` });
    assert.deepEqual(answer, { status: "error", response: { reason: "redirect", to: "/log_in" } });
    assert.deepEqual(ran, ["guard false"]);
  });
});
