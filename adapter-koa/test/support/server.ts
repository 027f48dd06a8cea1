import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { createLive, type Live, type LiveOptions, type LiveRouter } from "@live-session/adapter-koa";
import Koa, { type Middleware } from "koa";
import session from "koa-session";

/** A secret long enough for tests. */
export const secret = "a secret that only these tests know, 1";

/** What a test's server is made of besides the live options. */
export interface ServerSetup extends Partial<LiveOptions> {
  /** Middleware between the session and the live pages. */
  readonly before?: readonly Middleware[];
  /** Middleware in front of everything. */
  readonly first?: readonly Middleware[];
  /** `false` for an app without HTTP sessions. */
  readonly sessions?: boolean;
}

/** A real Koa app with live sessions on a free port. */
export interface LiveServer {
  readonly app: Koa;
  readonly live: Live;
  readonly server: Server;
  readonly port: number;
  readonly origin: string;
  /** What reached the app's `error` event. */
  readonly errors: Error[];
}

/** Starts a server that ends with the test. */
export async function startServer(
  t: Pick<TestContext, "after">,
  router: LiveRouter,
  setup: ServerSetup = {},
): Promise<LiveServer> {
  const { before = [], first = [], sessions = true, ...options } = setup;
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
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(async () => {
    await live.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { app, live, server, port, origin: `http://127.0.0.1:${port}`, errors };
}
