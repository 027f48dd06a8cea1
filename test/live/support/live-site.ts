import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  CookieKeys,
  createLive,
  csrf,
  type Live,
  LiveRouter,
  type LiveView,
} from "@live-session/adapter-koa";
import Koa, { type Middleware } from "koa";
import session from "koa-session";

/** What a test's site is made of besides its view. */
export interface LiveSiteOptions {
  /** Middleware between the session and the live pages. */
  readonly before?: readonly Middleware[];
  /** Where it listens; on a free port by default. */
  readonly port?: number;
}

/** A site on a real Koa, with one live view at `/`. */
export interface LiveSite {
  readonly live: Live;
  readonly server: Server;
  readonly port: number;
  readonly url: string;
  /** What reached the app's `error` event. */
  readonly errors: readonly Error[];
  stop(): Promise<void>;
}

const secret = "a secret that only this test knows, 1";

/** Starts it. Sites that were started one after the other take each other's pages. */
export async function startLiveSite(view: LiveView, options: LiveSiteOptions = {}): Promise<LiveSite> {
  const { before = [], port: wanted = 0 } = options;
  const errors: Error[] = [];
  const app = new Koa();
  app.keys = new CookieKeys([secret]);
  app.on("error", (error: Error) => errors.push(error));
  const limits = { eventsPerSecond: 1000, joinsPerSecond: 100 };
  const live = createLive(new LiveRouter().live("/", view), { secret, limits });
  app.use(session(app));
  for (const middleware of before) app.use(middleware);
  app.use(csrf()).use(live.middleware());
  const server = live.attach(createServer(app.callback()));
  await new Promise<void>((resolve) => server.listen(wanted, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    live,
    server,
    port,
    url: `http://127.0.0.1:${port}`,
    errors,
    async stop() {
      await live.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
