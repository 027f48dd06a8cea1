import { cont, halt, onMount, redirect } from "@live-session/adapter-koa";
import { userByToken } from "./users.js";

/** Assigns the logged-in user, or null. */
export const mountCurrentUser = onMount("mountCurrentUser", ({ session }) =>
  cont({ currentUser: userByToken(session.token) }),
);

/** Assigns the logged-in user. Redirects other visitors to the login page. */
export const ensureAuthenticated = onMount("ensureAuthenticated", ({ session, socket }) => {
  const currentUser = userByToken(session.token);
  if (currentUser) return cont({ currentUser });
  socket.putFlash("error", "You must log in to access this page.");
  return halt(redirect("/log_in"));
});
