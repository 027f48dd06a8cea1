// Compiled by `tsc -p adapter-koa` and never run: each marked line must be refused, every other one taken.

import { LiveRouter, type PageContext } from "@live-session/adapter-koa";
import type { DefaultState, Middleware, ParameterizedContext } from "koa";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Expect<T extends true> = T;

export type KoaState = Expect<Equal<PageContext["state"], DefaultState>>;

interface AppState {
  readonly user: { readonly role: string };
}
interface AppContext {
  readonly database: { find(id: number): Promise<AppState["user"]> };
}
declare const requireUser: Middleware<AppState, AppContext>;
declare const plain: Middleware;

const router = new LiveRouter();
router.liveSession("typed", { use: requireUser });
router.liveSession("list", {
  use: [plain, requireUser],
  session: (ctx) => ({ role: ctx.state.user.role, path: ctx.path }),
});
router.liveSession("typed session", {
  session: async (ctx: ParameterizedContext<AppState, AppContext>) => ({
    role: (await ctx.database.find(1)).role,
  }),
});
router.liveSession("inferred", {
  use: async (ctx, next) => {
    ctx.path satisfies string;
    await next();
  },
});
// @ts-expect-error not a middleware
router.liveSession("wrong", { use: "requireUser" });
