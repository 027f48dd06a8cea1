import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import {
  createLive,
  type Live,
  type LiveOptions,
  type LiveRouter,
} from "@live-session/adapter-koa";
import Koa, { type Middleware } from "koa";
import session from "koa-session";

/** A secret long enough for tests. */
export const secret = "a secret that only these tests know, 1";

/** Options of a test's server besides the live options. */
export interface ServerSetup extends Partial<LiveOptions> {
  /** Middleware between the session and the live pages. */
  readonly before?: readonly Middleware[];
  /** Middleware before everything else. */
  readonly first?: readonly Middleware[];
  /** `false` for an app without HTTP sessions. */
  readonly sessions?: boolean;
  /** The port; a free one by default. */
  readonly port?: number;
}

/** A real Koa app with live sessions. */
export interface LiveServer {
  readonly app: Koa;
  readonly live: Live;
  readonly server: Server;
  readonly port: number;
  readonly origin: string;
  /** The errors of the app's `error` event. */
  readonly errors: Error[];
  /** Stops the server. A second call does nothing. */
  stop(): Promise<void>;
}

/** Starts a server that stops after the test. */
export async function startServer(
  t: Pick<TestContext, "after">,
  router: LiveRouter,
  setup?: ServerSetup,
): Promise<LiveServer> {
  const server = await openServer(router, setup);
  t.after(() => server.stop());
  return server;
}

/** Starts a server. On the port of an earlier server, it takes over that server's pages. */
export async function openServer(router: LiveRouter, setup: ServerSetup = {}): Promise<LiveServer> {
  const { before = [], first = [], sessions = true, port: wanted = 0, ...options } = setup;
  const app = new Koa();
  app.keys = ["a key of these tests"];
  const errors: Error[] = [];
  app.on("error", (error: Error) => errors.push(error));
  for (const middleware of first) app.use(middleware);
  if (sessions) app.use(session({}, app));
  for (const middleware of before) app.use(middleware);
  const live = createLive(router, { secret, ...options });
  app.use(live.middleware());
  const server = live.attach(createServer(app.callback()));
  await new Promise<void>((resolve) => server.listen(wanted, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    await live.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { app, live, server, port, origin: `http://127.0.0.1:${port}`, errors, stop };
}
