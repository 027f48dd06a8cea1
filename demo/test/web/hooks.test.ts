import assert from "node:assert/strict";
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { before, describe, it } from "node:test";
import { createLive, LiveRouter, liveView, type OnMount } from "@live-session/adapter-koa";
import Koa from "koa";
import { html } from "lit";
import { UserSession } from "../../src/web/session/user-session.js";
import { userAuth } from "../../src/web/user-auth.js";
import { createTestAccounts, registerUser } from "../support/accounts.js";
import { describeOnMigratedDatabases } from "../support/database.js";

const userLive = liveView("UserLive", {
  types: {} as { needs: { currentUser?: { email: string } | null } },
  render: ({ currentUser }) => html`<p>${currentUser?.email ?? "no user"}</p>`,
});

/** Creates an app with one page, one hook, no middleware, and the same session data for every request. */
async function serve(
  hook: OnMount<object, object>,
  session: Record<string, unknown>,
): Promise<Server> {
  const router = new LiveRouter();
  router.liveSession("group", { onMount: [hook], rootLayout: false }).live("/page", userLive);
  const app = new Koa();
  app.use((ctx, next) => {
    ctx.session = session;
    return next();
  });
  app.use(createLive(router, { secret: "s".repeat(32), rootLayout: false }).middleware());
  const server = app.listen(0);
  await once(server, "listening");
  return server;
}

describeOnMigratedDatabases("the hooks without the middleware", (database) => {
  const session: Record<string, unknown> = {};
  let email: string;
  let token: string;
  let hooks: ReturnType<typeof userAuth>["hooks"];
  before(async () => {
    const { accounts } = createTestAccounts(database());
    const user = await registerUser(accounts);
    email = user.email;
    token = await accounts.createUserSessionToken(user);
    hooks = userAuth(
      accounts,
      new UserSession({ accounts, endSockets: () => {}, secure: false }),
      () => {},
    ).hooks;
  });

  async function visit(name: keyof typeof hooks, data: Record<string, unknown>) {
    for (const key of Object.keys(session)) delete session[key];
    Object.assign(session, data);
    const server = await serve(hooks[name], session);
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/page?tab=1`, { redirect: "manual" });
    server.close();
    const { status, headers } = response;
    return { status, location: headers.get("location"), text: await response.text() };
  }

  describe("mountCurrentUser", () => {
    it("assigns the user of the session token", async () => {
      assert.match(
        (await visit("mountCurrentUser", { user_token: token })).text,
        new RegExp(email),
      );
    });

    for (const [what, data] of Object.entries({
      "no token": {},
      "an unknown token": { user_token: "x".repeat(43) },
      "a value that is not a token": { user_token: { x: 1 } },
    })) {
      it(`assigns null for ${what}`, async () => {
        const { status, text } = await visit("mountCurrentUser", data);
        assert.equal(status, 200);
        assert.match(text, /no user/);
      });
    }
  });

  describe("ensureAuthenticated", () => {
    it("assigns the user of the session token", async () => {
      assert.match(
        (await visit("ensureAuthenticated", { user_token: token })).text,
        new RegExp(email),
      );
    });

    it("redirects other visitors to the login page, with a message and the return path", async () => {
      const { status, location } = await visit("ensureAuthenticated", {});
      assert.deepEqual([status, location], [302, "/users/log_in"]);
      assert.deepEqual(session.liveFlash, {
        error: "You must log in to access this page.",
        return_to: "/page?tab=1",
      });
    });
  });

  describe("redirectIfUserIsAuthenticated", () => {
    it("redirects the user of the session token to the home page, without a message", async () => {
      const { status, location } = await visit("redirectIfUserIsAuthenticated", {
        user_token: token,
      });
      assert.deepEqual([status, location, session.liveFlash], [302, "/", undefined]);
    });

    it("assigns null for other visitors", async () => {
      assert.match((await visit("redirectIfUserIsAuthenticated", {})).text, /no user/);
    });
  });
});
