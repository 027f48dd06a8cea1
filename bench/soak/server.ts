import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import { createLive, csrf, LiveRouter, liveView } from "@live-session/adapter-koa";
import { notifications } from "@live-session/adapter-koa/hooks";
import Koa from "koa";
import session from "koa-session";
import { html } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ServerRequest, ServerState } from "./protocol.js";

/** The server of the soak test: an app with the default limits. It reports its state over IPC. */

interface Row {
  readonly id: number;
  readonly value: number;
}

/** A page with everything that a visitor can ask the server for: events, forms, patches, tasks and broadcasts. */
const pageLive = liveView("PageLive", {
  types: {} as {
    own: { count: number; form: Readonly<Record<string, unknown>>; q: string; news: number };
  },
  mount({ socket }) {
    socket.assign({ count: 0, form: {}, news: 0 });
    socket.subscribe("news");
  },
  handleParams: ({ params, socket }) => socket.assign({ q: String(params.q ?? "") }),
  handleEvent: {
    inc({ socket }) {
      socket.assign({ count: socket.assigns.count + 1 });
    },
    form({ payload, socket }) {
      socket.assign({ form: payload as Record<string, unknown> });
    },
    task({ socket }) {
      socket.startAsync("wait", () => setTimeout(5, 1));
    },
    say: ({ socket }) => socket.broadcast("news", 1),
  },
  handleInfo: ({ socket }) => socket.assign({ news: socket.assigns.news + 1 }),
  handleAsync: ({ socket }) => socket.assign({ count: socket.assigns.count + 1 }),
  render: ({ count, form, q, news }) => html`<h1>${q}</h1>
    <p>${count} ${news}</p>
    <form id="f" method="post" live-change="form">${Object.keys(form).map((name) => html`<i>${name}</i>`)}</form>
    <button live-click="inc">Increment</button>`,
});

/** A list whose updates are large. */
const listLive = liveView("ListLive", {
  types: {} as { own: { rows: readonly Row[] } },
  mount: ({ socket }) => socket.assign({ rows: rowsWith(0) }),
  handleEvent: {
    all({ socket }) {
      socket.assign({ rows: rowsWith((socket.assigns.rows[0]?.value ?? 0) + 1) });
    },
  },
  render: ({ rows }) =>
    html`<ul>${repeat(
      rows,
      ({ id }) => id,
      ({ id, value }) => html`<li>${id} ${value}</li>`,
    )}</ul>`,
});

const rowsWith = (value: number): Row[] => Array.from({ length: 300 }, (_, id) => ({ id, value }));

const delays = monitorEventLoopDelay({ resolution: 2 });
delays.enable();
const state = { warnings: [] as string[], errors: [] as string[] };
process.on("warning", (warning) => state.warnings.push(String(warning)));

const router = new LiveRouter();
router
  .liveSession("soak", { onMount: notifications() })
  .live("/", pageLive)
  .live("/list", listLive);
const live = createLive(router, { secret: "a secret of the soak test, nothing else" });
const app = new Koa({ keys: ["a key of the soak test"] });
app.on("error", (error: { status?: number; code?: string; stack?: string }) => {
  // Requests that are refused have a status below 500. Floods leave more messages than a view handles after its end.
  const isExpected = (error.status ?? 500) < 500 || error.code === "LIVE_ERR_LEFT";
  if (!isExpected && state.errors.length < 20) state.errors.push(`${error.stack}`);
});
app.use(session(app)).use(csrf()).use(live.middleware());
const server = live.attach(createServer(app.callback()));
server.listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;

process.on("message", (request: ServerRequest) => {
  if (request === "measure") void measure();
  else if (request === "report") report();
  else void stop();
});
process.on("disconnect", () => process.exit());

function report(): void {
  const sent: ServerState = {
    ...state,
    port,
    connections: live.connections,
    delay: delays.max / 1e6,
    handles: process.getActiveResourcesInfo().filter((name) => name !== "Immediate").length,
    heap: process.memoryUsage().heapUsed,
  };
  delays.reset();
  process.send?.(sent);
}

/** Reports the state after garbage collections, with the event loop idle in between. */
async function measure(): Promise<void> {
  server.closeIdleConnections();
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await setTimeout(20);
  }
  report();
}

async function stop(): Promise<void> {
  await live.close();
  server.closeAllConnections();
  server.close(() => report());
}

report();
