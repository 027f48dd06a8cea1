import type { Transact } from "./transaction.js";
import type { Passwords } from "./users/password.js";
import { type User, UserNotFoundError } from "./users/user.js";
import { hashToken, toLiveSocketId } from "./users/user-token.js";
import type { UserTokens } from "./users/user-tokens.js";
import type { Users } from "./users/users.js";

/** Finding users, and their sessions. */
export function logIn({
  users,
  tokens,
  passwords,
  transact,
}: {
  users: Users;
  tokens: UserTokens;
  passwords: Passwords;
  transact: Transact;
}) {
  return {
    /**
     * The user with this id.
     *
     * @throws UserNotFoundError when there is none.
     */
    async getUserById(id: number): Promise<User> {
      const user = Number.isSafeInteger(id) ? await users.find(id) : null;
      if (!user) throw new UserNotFoundError(id);
      return user;
    },

    /** The user with this address, in whatever case, or null. */
    getUserByEmail(email: unknown): Promise<User | null> {
      return users.findByEmail(email);
    },

    /** The user whose address and password these are; null, after as long a time, whichever is wrong. */
    async getUserByEmailAndPassword(email: unknown, password: unknown): Promise<User | null> {
      const found = await users.findCredentials({ email });
      const isValid = await passwords.verify(found?.hashedPassword ?? null, password);
      return found && isValid ? found.user : null;
    },

    /** Begins a session of 60 days. The token is for the signed session cookie, and for nobody else's eyes. */
    createUserSessionToken(user: User): Promise<string> {
      return tokens.create(user, "session");
    },

    /** The user of a session that was neither ended nor has expired, or null. */
    async userBySessionToken(token: unknown): Promise<User | null> {
      return (await tokens.find(token, "session"))?.user ?? null;
    },

    /** Ends one session. Returns its live socket id, whose sockets are to be cut now; none if it is gone. */
    deleteUserSessionToken(token: unknown): Promise<readonly string[]> {
      return tokens.deleteSession(token);
    },

    /** Ends all sessions of a user. Returns their live socket ids, whose sockets are to be cut now. */
    async deleteUserSessionTokens(user: User): Promise<readonly string[]> {
      return (await transact((trx) => tokens.deleteSessions(trx, user))) ?? [];
    },

    /** The id by which the sockets of a session are cut when its token goes; null for what is no token. */
    liveSocketIdOf(token: unknown): string | null {
      const hash = hashToken(token);
      return hash === null ? null : toLiveSocketId(hash);
    },
  };
}
