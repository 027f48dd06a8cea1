import { createReadStream } from "node:fs";
import path from "node:path";
import type { Middleware } from "koa";
import { fileById, filesFolder } from "./store.js";

/** Serves the files of the chat to members. */
export const files: Middleware = async function files(ctx, next) {
  const [, id] = /^\/files\/([\w-]+)$/.exec(ctx.path) ?? [];
  const file = id && ctx.session?.member ? fileById(id) : undefined;
  if (!file) return next();
  ctx.attachment(file.name, { type: isImage(file.type) ? "inline" : "attachment" });
  ctx.type = file.type;
  ctx.body = createReadStream(path.join(filesFolder, file.id));
};

/** Whether browsers may show a file in the page. An SVG image can contain scripts. */
export const isImage = (type: string): boolean => /^image\/(png|jpeg|gif|webp)$/.test(type);
