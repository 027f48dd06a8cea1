import { createServer } from "node:http";
import { NodeExpressLiveViewServer } from "@liveviewjs/express";
import express from "express";
import session from "express-session";
import { createLiveView, html, SingleProcessPubSub, safe } from "liveviewjs";
import { WebSocketServer } from "ws";

const counter = createLiveView({
  mount(socket) {
    socket.pageTitle("Counter");
    socket.assign({ count: 0 });
  },
  handleEvent(_event, socket) {
    socket.assign({ count: socket.context.count + 1 });
  },
  render: ({ count }) => html`<h1>Counter</h1>
    <p>Current count: ${count}</p>
    <button type="button" phx-click="inc">Increment</button>`,
});

const tick = createLiveView({
  async mount(socket) {
    if (socket.connected) await socket.subscribe("ticks");
    socket.assign({ tick: 0 });
  },
  handleInfo({ n }, socket) {
    socket.assign({ tick: n });
  },
  render: ({ tick }) => html`<p>Tick: ${tick}</p>`,
});

const page = (_title, csrfToken, content) => html`<!DOCTYPE html>
<html lang="en">
  <head><meta charset="utf-8"><meta name="csrf-token" content="${csrfToken}"></head>
  <body>${safe(content)}</body>
</html>`;

/** Creates a LiveViewJS server with the counter and the view of ticks, as its guide shows. */
export function start() {
  const pubSub = new SingleProcessPubSub();
  const live = new NodeExpressLiveViewServer(
    { "/counter": counter, "/tick": tick },
    page,
    { title: "Counter" },
    { serDeSigningSecret: "a secret for measuring only, nothing else", pubSub },
  );
  const app = express();
  const secret = "a key for measuring only";
  app.use(session({ secret, resave: false, saveUninitialized: true }));
  app.use(live.httpMiddleware());
  const server = createServer(app);
  live.wsMiddleware()(new WebSocketServer({ server }));
  return { server, tick: (n) => pubSub.broadcast("ticks", { type: "tick", n }) };
}
