import type { Context } from "koa";
import type { RouteMatch } from "../../live/declarations/route.js";
import type { ViewSocket } from "../../live/runtime/view-socket.js";
import type { LiveServices } from "../live-services.js";
import type { RequestPath } from "../request-path.js";
import { sessionKeyOf } from "../session/session-key.js";
import { BrowserLeft, readPostedForm } from "./posted-form.js";
import { PostedView } from "./posted-view.js";
import { answerWith, readPage, toUploadHost } from "./serve-page.js";

/**
 * Answers a multipart form that was posted to the page of a view with uploads, from a browser without JavaScript: mounts the
 * view as for a page, receives the files, handles the event that the field `_event` names, and renders the page. If the
 * view navigates, answers with a redirect.
 *
 * @throws an HTTP error with the status 400 or 413
 */
export async function servePostedForm(
  ctx: Context,
  match: RouteMatch,
  requested: RequestPath,
  services: LiveServices,
): Promise<void> {
  const { route, params } = match;
  const { state, session, extra } = await readPage(ctx, match, requested, services);
  const uploadHost = toUploadHost(sessionKeyOf(ctx), services);
  const view = new PostedView({ route, uploadHost, ...state }, services);
  const leave = () => view.fail(new BrowserLeft());
  ctx.res.once("close", leave);
  try {
    await view.mount({ params, session });
    await handlePostedForm(ctx, view, services);
    if (hasRefusedFile(view.socket)) ctx.status = 422;
    await answerWith(ctx, view.socket, { session, extra }, requested, services);
  } finally {
    ctx.res.off("close", leave);
    view.end();
  }
}

async function handlePostedForm(
  ctx: Context,
  view: PostedView,
  { options: { limits } }: LiveServices,
): Promise<void> {
  const { uploads, navigation } = view.socket;
  if (!uploads || navigation) return;
  const fields = await readPostedForm(ctx, uploads, {
    fieldBytes: limits.frameBytes,
    bytes: limits.uploadVisitorBytes,
  });
  const { _event: event } = fields;
  await view.submit(typeof event === "string" ? event : undefined, fields);
}

const hasRefusedFile = ({ uploads }: ViewSocket): boolean =>
  Object.values(uploads?.states ?? {}).some(({ entries }) =>
    entries.some(({ errors }) => errors.length > 0),
  );
