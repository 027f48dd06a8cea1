import type { AccountServices } from "./account-services.js";
import { type User, UserNotFoundError } from "./users/user.js";
import { hashToken, toLiveSocketId } from "./users/user-token.js";

/** Operations to find users and to begin and end their sessions. */
export function logIn({ users, tokens, passwords, transact }: AccountServices) {
  return {
    /**
     * Finds the user with this id.
     *
     * @throws UserNotFoundError when no user has the id.
     */
    async getUserById(id: number): Promise<User> {
      const user = Number.isSafeInteger(id) ? await users.find(id) : null;
      if (!user) throw new UserNotFoundError(id);
      return user;
    },

    /** Finds the user with this address, ignoring case, or null. */
    getUserByEmail(email: unknown): Promise<User | null> {
      return users.findByEmail(email);
    },

    /**
     * Finds the user with this address and password. Null if there is none; the time is the same whether the address or
     * the password is wrong.
     */
    async getUserByEmailAndPassword(email: unknown, password: unknown): Promise<User | null> {
      const found = await users.findCredentials({ email });
      const isValid = await passwords.verify(found?.hashedPassword ?? null, password);
      return found && isValid ? found.user : null;
    },

    /**
     * Begins a session of 60 days. Keep the token secret: put it into the signed session cookie only.
     *
     * @param device the browser and the system, for the list of sessions
     */
    createUserSessionToken(user: User, device?: string): Promise<string> {
      return tokens.create(user, "session", { device });
    },

    /** Finds the user of a session, and notes its use. Null if the session has ended or expired. */
    async userBySessionToken(token: unknown): Promise<User | null> {
      return (await tokens.find(token, "session"))?.user ?? null;
    },

    /** Ends one session. Returns its live socket id, to disconnect its sockets; none if it had ended already. */
    deleteUserSessionToken(token: unknown): Promise<readonly string[]> {
      return tokens.deleteSession(token);
    },

    /** Ends all sessions of a user. Returns their live socket ids, to disconnect their sockets. */
    async deleteUserSessionTokens(user: User): Promise<readonly string[]> {
      return (await transact((trx) => tokens.deleteSessions(trx, user))) ?? [];
    },

    /** Returns the live socket id of a session, which disconnects its sockets; null for an invalid token. */
    liveSocketIdOf(token: unknown): string | null {
      const hash = hashToken(token);
      return hash === null ? null : toLiveSocketId(hash);
    },
  };
}
