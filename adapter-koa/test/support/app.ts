import {
  createLive,
  type Live,
  type LiveOptions,
  LiveRouter,
  type LiveView,
} from "@live-session/adapter-koa";
import Koa from "koa";
import session from "koa-session";
import { html, type TemplateResult } from "lit";
import { secret } from "./server.js";
import { badLive } from "./views/bad-live.js";

/** An app that does not listen on a port. */
export interface TestApp {
  readonly app: Koa;
  readonly live: Live;
  /** The errors of the app's `error` event. */
  readonly errors: Error[];
}

/** Creates a Koa app with sessions and the routes of a test. */
export function createApp(
  routes: (router: LiveRouter) => void,
  options: Partial<LiveOptions> = {},
): TestApp {
  const app = new Koa({ keys: ["a key of these tests"] });
  const errors: Error[] = [];
  app.on("error", (error: Error) => errors.push(error));
  const router = new LiveRouter();
  routes(router);
  const live = createLive(router, { secret, ...options });
  app.use(session({}, app)).use(live.middleware());
  return { app, live, errors };
}

/** Creates an app with one view at `/`. */
export const appOf = (view: LiveView<never, never>, options: Partial<LiveOptions> = {}): TestApp =>
  createApp((router) => router.liveSession("tested").live("/", view as LiveView, "show"), options);

/** Declares a view with a page that does not change unless its handlers assign a value. */
export const pageOf = (
  render: (assigns: Record<string, unknown>) => TemplateResult,
  more: Readonly<Record<string, unknown>> = {},
): LiveView => badLive({ render, ...more });

/** Declares a view that shows the last payload of its event `record`. */
export const recordingLive = (content: TemplateResult): LiveView =>
  pageOf(
    ({ recorded }) =>
      html`${content}<output>${recorded === undefined ? "" : JSON.stringify(recorded)}</output>`,
    {
      handleEvent: {
        record({
          payload,
          socket,
        }: {
          payload: unknown;
          socket: { assign(assigns: object): void };
        }) {
          socket.assign({ recorded: payload });
        },
      },
    },
  );
