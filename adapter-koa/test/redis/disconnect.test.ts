import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LiveRouter, liveView } from "@live-session/adapter-koa";
import { redisPubSub } from "@live-session/adapter-koa/redis";
import { html } from "lit";
import { createClient } from "redis";
import { skipWithout } from "../support/processes/program.js";
import { RedisServer } from "../support/processes/redis-server.js";
import { startServer } from "../support/server.js";
import { Visitor } from "../support/visitor.js";
import { until } from "../support/wait.js";

const pageLive = liveView("PageLive", {
  types: {} as { own: object },
  render: () => html`<p>page</p>`,
});

describe("live.disconnect", { skip: skipWithout("redis-server") }, () => {
  it("ends the sockets of a user in all processes, including one that was just opened", async (t) => {
    const redis = await RedisServer.start(t);
    const open = async () => {
      const client = createClient({ url: redis.url });
      const pubSub = redisPubSub({ client, prefix: "disconnect:" });
      const server = await startServer(t, new LiveRouter().live("/", pageLive), {
        pubSub,
        before: [
          (ctx, next) => {
            if (ctx.session)
              ctx.session.live_socket_id = ctx.query.user ?? ctx.session.live_socket_id;
            return next();
          },
        ],
      });
      t.after(async () => {
        await pubSub.close();
        client.destroy();
      });
      await until(() => server.live.health().pubSub.connected);
      return server;
    };
    const [here, there] = await Promise.all([open(), open()]);
    const user = new Visitor(here);
    const other = new Visitor(there);
    const { connection } = await user.visit("/?user=1");
    const { connection: ofOther } = await other.visit("/?user=2");
    const { connection: second } = await user.at(there).visit("/");
    const justOpened = await user.at(there).connect();
    here.live.disconnect("1");
    for (const each of [connection, second, justOpened])
      assert.deepEqual(await each.closed, { code: 1001, reason: "disconnect" });
    await ofOther.settled();
  });
});
