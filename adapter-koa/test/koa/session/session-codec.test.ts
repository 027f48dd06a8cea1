import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { CookieKeys, sessionCodec } from "@live-session/adapter-koa";
import Koa from "koa";
import session from "koa-session";

/** Counts visits in a session's cookie. */
async function startCounter(
  options: Parameters<typeof session>[0],
): Promise<{ url: string; close(): void }> {
  const app = new Koa();
  app.keys = new CookieKeys(["a secret that only these tests know, 1"]);
  app.use(session({ ...options }, app)).use((ctx) => {
    const visits = (ctx.session?.visits ?? 0) + 1;
    Object.assign(ctx.session ?? {}, { visits, name: "Zoë \u{1f600}" });
    ctx.body = { visits, name: ctx.session?.name };
  });
  const server = createServer(app.callback()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

/** Visits with cookies; gives what the page says, and the cookies it sets. */
async function visit(
  url: string,
  cookie = "",
): Promise<{ visits: number; name: string; cookie: string }> {
  const response = await fetch(url, { headers: { cookie } });
  const set = response.headers.getSetCookie().map((each) => each.split(";")[0]);
  return {
    ...((await response.json()) as { visits: number; name: string }),
    cookie: set.join("; "),
  };
}

describe("the codec of sessions", () => {
  let ours: Awaited<ReturnType<typeof startCounter>>;
  let theirs: Awaited<ReturnType<typeof startCounter>>;
  before(async () => {
    ours = await startCounter(sessionCodec);
    theirs = await startCounter({});
  });
  after(() => {
    ours.close();
    theirs.close();
  });

  it("reads what koa-session wrote by itself, and the other way round", async () => {
    const first = await visit(theirs.url);
    const second = await visit(ours.url, first.cookie);
    const third = await visit(theirs.url, second.cookie);
    assert.deepEqual(
      [first, second, third].map(({ visits, name }) => [visits, name]),
      [
        [1, "Zoë \u{1f600}"],
        [2, "Zoë \u{1f600}"],
        [3, "Zoë \u{1f600}"],
      ],
    );
  });

  it("begins a new session for a signed cookie that holds no JSON", async () => {
    const keys = new CookieKeys(["a secret that only these tests know, 1"]);
    for (const value of ["", "bm90IEpTT04", "%%%"]) {
      const pair = `koa.sess=${value}`;
      const { visits } = await visit(ours.url, `${pair}; koa.sess.sig=${keys.sign(pair)}`);
      assert.equal(visits, 1);
    }
  });
});
