import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LiveRouter } from "@live-session/adapter-koa";
import { startServer } from "../support/server.js";
import { counterLive } from "../support/views/counter-live.js";
import { Visitor } from "../support/visitor.js";
import { until } from "../support/wait.js";

describe("live.metrics", () => {
  it("prints connections, views, durations, mailbox lengths and bytes", async (t) => {
    const { live, ...server } = await startServer(t, new LiveRouter().live("/", counterLive));
    await live.metrics();
    const visitor = new Visitor({ live, ...server });
    const { page, connection } = await visitor.visit("/");
    await connection.click(page, "inc");
    const text = await live.metrics();
    const view = 'view="CounterLive"';
    for (const line of [
      "live_session_connections 1",
      `live_session_views{${view}} 1`,
      `live_session_duration_seconds_count{stage="mount",${view},outcome="ok"} 2`,
      `live_session_duration_seconds_count{stage="join",${view},outcome="ok"} 1`,
      `live_session_duration_seconds_count{stage="event",${view},outcome="ok"} 1`,
      `live_session_mailbox_length_bucket{le="0",${view}} 1`,
    ]) {
      assert.ok(text.split("\n").includes(line), `${line} is missing in:\n${text}`);
    }
    assert.match(text, /live_session_sent_bytes_total\{view="CounterLive"\} \d{2,}/);
    assert.doesNotMatch(text, /inc/);
    connection.close();
    await until(() => live.connections === 0);
    const after = await live.metrics();
    assert.match(after, /^live_session_connections 0$/m);
    assert.match(after, /^live_session_views\{view="CounterLive"\} 0$/m);
  });
});
