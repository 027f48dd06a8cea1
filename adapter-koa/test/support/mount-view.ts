import { LiveRouter } from "../../src/live/declarations/live-router.js";
import type { LiveSessionOptions } from "../../src/live/declarations/live-session.js";
import type { Route } from "../../src/live/declarations/route.js";
import { mount } from "../../src/live/runtime/lifecycle.js";
import {
  disconnectedHost,
  type SocketInput,
  ViewSocket,
} from "../../src/live/runtime/view-socket.js";
import type { LiveView, Socket } from "../../src/live/socket/socket.js";

/** The options of a mount in a test. */
export interface MountSetup extends Partial<Omit<SocketInput, "route">> {
  readonly session?: Readonly<Record<string, unknown>>;
  readonly options?: LiveSessionOptions;
  readonly liveAction?: string;
  /** The query of the mounted URL. */
  readonly search?: string;
}

/** Creates a route to a view at `/view` in its own live session. */
export function routeTo(
  view: LiveView<never, never>,
  options: LiveSessionOptions = {},
  action?: string,
): Route {
  const router = new LiveRouter();
  router.liveSession("tested", options).live("/view", view as LiveView, action);
  const match = router.match("/view");
  if (!match) throw new Error("the route is missing");
  return match.route;
}

/** Creates the socket of a view that is not mounted yet. */
export function socketOf(view: LiveView<never, never>, setup: MountSetup = {}): ViewSocket {
  const { options, liveAction, session, search = "", ...input } = setup;
  return new ViewSocket({
    id: "live-1",
    route: routeTo(view, options, liveAction),
    url: `http://localhost/view${search}`,
    csrfToken: "csrf",
    flash: {},
    connectParams: null,
    host: disconnectedHost,
    ...input,
  });
}

/** Mounts a view and returns its socket. */
export async function mountView(
  view: LiveView<never, never>,
  setup: MountSetup = {},
): Promise<ViewSocket> {
  const socket = socketOf(view, setup);
  const params = Object.fromEntries(new URL(socket.url).searchParams);
  await mount(socket, { params, session: setup.session ?? {} });
  return socket;
}

/** Returns all assigns of a socket. */
export const assignsOf = (socket: Socket): Readonly<Record<string, unknown>> => socket.assigns;
