import Router from "@koa/router";
import type { User } from "../accounts/users/user.js";
import type { UserServices } from "../web/user-services.js";
import type { Avatars } from "./avatars.js";

/** The path of the current user's avatar. */
export const avatarPath = "/users/avatar";

const placeholder = "/assets/avatar.svg";

/**
 * Serves the avatar of the current user. Its type is the one that the server has detected, and browsers must not guess
 * another one. Nothing in the image may run or load. Browsers ask each time whether they have the current image.
 */
export const avatarRoute = (avatars: Avatars, { auth: { middleware } }: UserServices): Router =>
  new Router().get(avatarPath, middleware.fetchCurrentUser, async (ctx) => {
    const user: User | null = ctx.state.currentUser;
    const avatar = user && (await avatars.find(user.id));
    ctx.set("Cache-Control", "private, no-cache");
    if (!avatar) {
      ctx.redirect(placeholder);
      return;
    }
    ctx.set("X-Content-Type-Options", "nosniff");
    ctx.set("Content-Security-Policy", "default-src 'none'; sandbox");
    ctx.etag = avatar.digest;
    ctx.status = 200;
    if (ctx.fresh) {
      ctx.status = 304;
      return;
    }
    ctx.type = avatar.type;
    ctx.body = avatar.content;
  });
