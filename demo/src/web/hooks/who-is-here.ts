import type { MountContext, Presence } from "@live-session/adapter-koa";
import { presence } from "@live-session/adapter-koa/hooks";
import type { User } from "../../accounts/users/user.js";

/** The data of a visitor that pages show. Users have a name, guests do not. */
export interface Visitor {
  readonly name?: string;
}

/** The visitors of a page, as its browsers receive them. */
export interface VisitorsHere {
  readonly names: readonly string[];
  /** The number of further users. */
  readonly others: number;
  readonly guests: number;
}

const shownNames = 5;

/** Creates a hook that lists the visitors of a page. Users are shown by the local part of their e-mail address. */
export const whoIsHere = (visitors: Presence<Visitor>) =>
  presence(visitors, {
    topic: ({ url }) => new URL(url).pathname,
    key: ({ session, socket }: MountContext<{ currentUser: User | null }>) => {
      const { currentUser } = socket.assigns;
      return currentUser ? `users:${currentUser.id}` : String(session.live_socket_id);
    },
    meta: ({ socket }): Visitor => {
      const { currentUser } = socket.assigns;
      return currentUser ? { name: currentUser.email.replace(/@.*/s, "") } : {};
    },
    show: (list): VisitorsHere => {
      const names = list.flatMap(({ metas: [visitor] }) => visitor?.name ?? []);
      return {
        names: names.slice(0, shownNames),
        others: Math.max(0, names.length - shownNames),
        guests: list.length - names.length,
      };
    },
  });

/** Describes the visitors as a part of a sentence, such as `ada, tom and 2 guests`. */
export function describeVisitors({ names, others, guests }: VisitorsHere): string {
  const parts = [...names];
  if (others > 0) parts.push(others === 1 ? "1 other user" : `${others} other users`);
  if (guests > 0) parts.push(guests === 1 ? "1 guest" : `${guests} guests`);
  return new Intl.ListFormat("en-GB").format(parts);
}
