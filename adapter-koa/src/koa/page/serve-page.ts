import type { Context } from "koa";
import { nanoid } from "nanoid";
import { extraSessionOf } from "../../live/declarations/live-session.js";
import type { RouteMatch } from "../../live/declarations/route.js";
import { mount } from "../../live/runtime/lifecycle.js";
import { toPage } from "../../live/runtime/page.js";
import { disconnectedHost, SocketState } from "../../live/runtime/socket-state.js";
import type { Navigation } from "../../live/socket/navigation.js";
import { Socket, stateOf } from "../../live/socket/socket.js";
import { encodeHtml } from "../../render/html/encode-html.js";
import { TreeBuilder } from "../../render/tree-builder.js";
import type { LiveServices } from "../live-services.js";
import { csrfToken } from "../session/csrf.js";
import { keepFlash, takeFlash } from "../session/flash.js";
import { sessionSnapshot } from "../session/http-session.js";
import { toDocument, toLiveSessionElement } from "./document.js";
import { signJoinToken } from "./join-token.js";

/** A new view id: unique on every page, and safe as an element id and in a topic. */
export const newViewId = (): string => `live-${nanoid(8)}`;

/**
 * Answers a GET of a live route: the disconnected mount, rendered to a full HTML document, or the
 * redirect that a hook, `mount` or `handleParams` asked for.
 */
export async function servePage(
  ctx: Context,
  match: RouteMatch,
  services: LiveServices,
): Promise<void> {
  const { route, params } = match;
  const { liveSession } = route;
  const extra = await extraSessionOf(liveSession, ctx);
  const id = newViewId();
  const csrf = csrfToken(ctx);
  const state = new SocketState({
    id,
    route,
    url: ctx.href,
    csrfToken: csrf,
    flash: takeFlash(ctx, services.signer),
    connectParams: null,
    host: disconnectedHost,
    shared: ctx.state,
  });
  const socket = new Socket(state);
  await mount(socket, { params, session: { ...sessionSnapshot(ctx), ...extra } });
  const navigation = state.takeNavigation();
  if (navigation) {
    leave(ctx, socket, navigation);
    return;
  }
  const page = toPage(socket, services.router.layout, undefined);
  const view = encodeHtml(new TreeBuilder(() => false).child(page, undefined));
  const joinToken = {
    id,
    liveSession: liveSession.name,
    route: route.path,
    session: extra,
    flash: state.flash,
    dropIn: false,
    statics: services.statics.digest,
  };
  const token = signJoinToken(services.signer, joinToken);
  const url = services.options.path;
  const routes = services.router.manifestOf(liveSession);
  const element = toLiveSessionElement({ id, token, csrfToken: csrf, url, routes, view });
  ctx.type = "html";
  if (!ctx.response.get("Cache-Control"))
    ctx.set("Cache-Control", "max-age=0, private, must-revalidate");
  const { options, script } = services;
  const rootLayout = liveSession.rootLayout ?? options.rootLayout;
  const { title } = state;
  ctx.body =
    rootLayout === false
      ? element
      : toDocument(rootLayout, { title, csrfToken: csrf, scriptUrl: script.url }, element);
}

function leave(ctx: Context, socket: Socket, navigation: Navigation): void {
  keepFlash(ctx, stateOf(socket).flash);
  ctx.status = navigation.type === "redirect" ? navigation.status : 302;
  ctx.redirect(navigation.to);
}

/** The media type by which a page that this server did not render asks for a hand-over. */
export const joinInfoType = "application/vnd.live-session+json";

/** Answers a drop-in's request for a hand-over. Its hooks run when it joins. */
export async function serveJoinInfo(
  ctx: Context,
  { route }: RouteMatch,
  services: LiveServices,
): Promise<void> {
  const id = newViewId();
  const { liveSession } = route;
  const session = await extraSessionOf(liveSession, ctx);
  const joinToken = {
    id,
    liveSession: liveSession.name,
    route: route.path,
    session,
    flash: {},
    dropIn: true,
    statics: services.statics.digest,
  };
  const token = signJoinToken(services.signer, joinToken);
  ctx.set("Cache-Control", "no-store");
  const routes = services.router.manifestOf(liveSession);
  ctx.body = JSON.stringify({
    id,
    token,
    csrfToken: csrfToken(ctx),
    url: services.options.path,
    routes,
  });
  ctx.type = joinInfoType;
}
