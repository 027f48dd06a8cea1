import type { Context } from "koa";
import { extraSessionOf } from "../../live/declarations/live-session.js";
import type { RootLayout } from "../../live/declarations/root-layout.js";
import type { RouteMatch } from "../../live/declarations/route.js";
import { isThenable } from "../../live/maybe-promise.js";
import { withBase } from "../../live/runtime/base-path.js";
import type { ChannelInput } from "../../live/runtime/channel.js";
import { mount } from "../../live/runtime/lifecycle.js";
import { disconnectedHost, ViewSocket } from "../../live/runtime/view-socket.js";
import type { Navigation } from "../../live/socket/navigation.js";
import type { UploadHost } from "../../live/uploads/view-uploads.js";
import type { LiveServices } from "../live-services.js";
import { type RequestPath, requestUrl } from "../request-path.js";
import { csrfToken } from "../session/csrf.js";
import { keepFlash, takeFlash } from "../session/flash.js";
import { httpSession, sessionSnapshot } from "../session/http-session.js";
import { liveSocketIdOf } from "../session/live-socket-id.js";
import { sessionKeyOf } from "../session/session-key.js";
import { AdoptableView } from "./adoptable-views.js";
import { type DocumentInput, toDocument, toLiveSessionElement } from "./document.js";
import { createJoinInfo, newViewId } from "./join-info.js";
import { renderPage } from "./render-page.js";

/**
 * Answers a GET of a live route: runs the disconnected mount and renders the view into an HTML document. If a hook,
 * `mount` or `handleParams` asks for a redirect, answers with that instead.
 */
export async function servePage(
  ctx: Context,
  match: RouteMatch,
  requested: RequestPath,
  services: LiveServices,
): Promise<void> {
  const { route, params } = match;
  const { state, session, extra } = await readPage(ctx, match, requested, services);
  if (route.liveSession.adopt) {
    await serveAdoptable(ctx, { match, session, ...state }, extra, requested, services);
    return;
  }
  const uploadHost = toUploadHost("", services);
  const socket = new ViewSocket({ route, host: disconnectedHost, uploadHost, ...state });
  try {
    await mount(socket, { params, session });
    await answerWith(ctx, socket, { session, extra }, requested, services);
  } finally {
    socket.disconnect();
  }
}

/** Reads from a request what the view of a page receives: its state without the route, and its session data. */
export async function readPage(
  ctx: Context,
  { route }: RouteMatch,
  requested: RequestPath,
  services: LiveServices,
): Promise<PageSession & { readonly state: ReturnType<typeof pageState> }> {
  const extra = await extraSessionOf(route.liveSession, ctx);
  const state = pageState(ctx, requested, services);
  return { state, session: { ...sessionSnapshot(ctx), ...extra }, extra };
}

const pageState = (ctx: Context, requested: RequestPath, services: LiveServices) => ({
  id: newViewId(),
  url: requestUrl(ctx, requested),
  csrfToken: csrfToken(ctx),
  flash: takeFlash(ctx, services.signer),
  connectParams: null,
  shared: ctx.state,
});

/**
 * Returns where the files of a view are stored.
 *
 * @param visitor identifies the HTTP session whose files count together; needed only if files are received
 */
export const toUploadHost = (visitor: string, services: LiveServices): UploadHost => ({
  store: services.uploads,
  visitor,
  onError: (error) => services.onError(error, ""),
});

/** Answers with the page of a view that the join of the page may adopt. */
async function serveAdoptable(
  ctx: Context,
  page: Pick<ChannelInput, "id" | "match" | "url" | "session" | "csrfToken" | "flash" | "shared">,
  extra: Readonly<Record<string, unknown>>,
  requested: RequestPath,
  services: LiveServices,
): Promise<void> {
  const input: ChannelInput = {
    topic: `lv:${page.id}`,
    joinRef: null,
    ref: null,
    base: requested.base,
    connectParams: null,
    staticChanged: false,
    navigations: 0,
    visitor: sessionKeyOf(ctx),
    kept: undefined,
    ...page,
  };
  const view = new AdoptableView(input, liveSocketIdOf(httpSession(ctx)), services);
  try {
    const socket = await view.mount();
    const answered = { session: page.session, extra, adoptable: view };
    const isPage = await answerWith(ctx, socket, answered, requested, services);
    if (!isPage) view.end("navigate");
    else services.adoptableViews.add(view);
  } catch (error) {
    view.end("crash");
    throw error;
  }
}

/** The session data of a page. */
export interface PageSession {
  /** The data of the HTTP session, and the extra session data. */
  readonly session: Readonly<Record<string, unknown>>;
  /** The extra session data of the live session. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** The data that an answer with a mounted view needs. */
export interface AnsweredPage extends PageSession {
  /** The view, if a join may adopt it. */
  readonly adoptable?: AdoptableView;
}

/**
 * Answers with the redirect that a callback has requested, or with the page of a mounted view.
 *
 * @returns whether the answer is the page
 */
export async function answerWith(
  ctx: Context,
  socket: ViewSocket,
  { session, extra, adoptable }: AnsweredPage,
  { base }: RequestPath,
  services: LiveServices,
): Promise<boolean> {
  const { id, route, csrfToken } = socket;
  if (socket.navigation) return answerRedirect(ctx, socket, base, services);
  const sessionKey = sessionKeyOf(ctx);
  const views = { base, sessionKey, session, shared: ctx.state, adoptable };
  const rendering = renderPage(socket, views, services);
  const view = isThenable(rendering) ? await rendering : rendering;
  if (view instanceof ViewSocket) return answerRedirect(ctx, view, base, services);
  const { flash } = socket.assigns;
  const { traceparent } = socket;
  const page = {
    id,
    csrfToken,
    session: extra,
    flash,
    dropIn: false,
    sessionKey,
    base,
    traceparent,
  };
  const element = route.liveSession.connect
    ? toLiveSessionElement(createJoinInfo(route, page, services), view)
    : view;
  sendDocument(ctx, element, {
    rootLayout: route.liveSession.rootLayout ?? services.options.rootLayout,
    hasFlash: Object.keys(flash).length > 0,
    title: socket.pageTitle,
    csrfToken,
    scriptUrl: base + services.script.url,
  });
  return true;
}

/** Answers with the redirect that the mount of a view has requested. */
function answerRedirect(
  ctx: Context,
  socket: ViewSocket,
  base: string,
  { router }: LiveServices,
): boolean {
  const navigation = socket.takeNavigation() as Navigation;
  keepFlash(ctx, socket.freshFlash);
  redirect(ctx, navigation, withBase(navigation.to, base, router));
  return false;
}

function redirect(ctx: Context, navigation: Navigation, to: string): void {
  const found = ctx.method === "POST" ? 303 : 302;
  const { status } = navigation.type === "redirect" ? navigation : { status: found };
  ctx.status = status === 302 ? found : status;
  ctx.redirect(to);
}

interface SentDocument extends DocumentInput {
  readonly rootLayout: RootLayout | false | undefined;
  readonly hasFlash: boolean;
}

function sendDocument(
  ctx: Context,
  element: string,
  { rootLayout, hasFlash, ...page }: SentDocument,
): void {
  ctx.type = "html";
  // A page with a flash message is not stored, so that "Back" does not show the message again.
  if (hasFlash) ctx.set("Cache-Control", "no-store");
  else if (!ctx.response.get("Cache-Control"))
    ctx.set("Cache-Control", "max-age=0, private, must-revalidate");
  ctx.body = rootLayout === false ? element : toDocument(rootLayout, page, element);
}
