import { cont, onMount } from "@live-session/adapter-koa";
import type { User } from "../accounts/user.js";

/** Assigns the logged-in user, or `null`. */
export const mountCurrentUser = onMount("mountCurrentUser", () =>
  cont<{ currentUser: User | null }>({ currentUser: null }),
);
