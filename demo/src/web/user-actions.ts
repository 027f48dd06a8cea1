import type { Accounts } from "../accounts/accounts.js";
import type { MagicLinkLogin } from "../accounts/magic-link.js";
import type { LimitedAction, LimitedSubject, RateLimits } from "../accounts/rate-limits.js";
import type { User } from "../accounts/users/user.js";
import { EMAIL_TAKEN } from "../accounts/users/user-fields.js";
import { toFields } from "../fields.js";
import { type Refusal, refuse } from "./forms/form.js";
import type { Client } from "./session/client.js";
import { browserIdFor } from "./session/known-browser.js";

/** Options of `UserActions`. */
export interface UserActionsOptions {
  readonly accounts: Accounts;
  readonly limits: RateLimits;
  /** The start of links in mails. */
  readonly appUrl: string;
  /** Disconnects the sockets with these ids. */
  readonly endSockets: (liveSocketIds: readonly string[]) => void;
}

/** Result of a form that logs a user in. */
export type UserOutcome =
  | { readonly ok: true; readonly user: User; readonly info?: string }
  | Refusal;

/** Result of a form that shows a message. */
export type MessageOutcome = { readonly ok: true; readonly info: string } | Refusal;

const RESET_REQUESTED =
  "If your email is in our system, you will receive instructions to reset your password shortly.";
const WELCOME = "Welcome back!";
const NEW_PASSWORD =
  "Your email address is confirmed. Another person may have chosen the password, so it is no longer valid. You can choose a new one in the settings.";
const LOGIN_REQUESTED =
  "If your email is in our system, you will receive instructions for logging in shortly.";
const PROOF_NEEDED = "Please enter your current password.";
const CONFIRMATION_REQUESTED =
  "If your email is in our system and it has not been confirmed yet, you will receive an email with instructions shortly.";
const EMAIL_CHANGE_REQUESTED =
  "A link to confirm your email change has been sent to the new address.";

/**
 * The actions of the account pages, for events of live views and for plain posts. `params` and tokens are
 * unchecked, with any type.
 */
export class UserActions {
  readonly #accounts: Accounts;
  readonly #limits: RateLimits;
  readonly #appUrl: string;
  readonly #endSockets: UserActionsOptions["endSockets"];

  constructor({ accounts, limits, appUrl, endSockets }: UserActionsOptions) {
    this.#accounts = accounts;
    this.#limits = limits;
    this.#appUrl = appUrl;
    this.#endSockets = endSockets;
  }

  /** Finds the user with this address and password. */
  async logIn(params: unknown, client: Client): Promise<UserOutcome> {
    const { email, password } = toFields(params);
    const subject = subjectOf(client, email);
    const limited = await this.#overLimit("log_in", subject);
    if (limited) return limited;
    const user = await this.#accounts.getUserByEmailAndPassword(email, password);
    // The message must not reveal whether the address is registered.
    if (!user) return { ok: false, errors: {}, message: "Invalid email or password" };
    await this.#limits.forgive("log_in", subject);
    return { ok: true, user };
  }

  /** Mails a link and a code to log in, if a user has the address. */
  async requestMagicLink(params: unknown, client: Client): Promise<MessageOutcome> {
    const { email } = toFields(params);
    const limited = await this.#overLimit("mail", subjectOf(client, email));
    if (limited) return limited;
    const user = await this.#accounts.getUserByEmail(email);
    if (user) {
      this.#accounts.deliverLoginInstructions(
        user,
        (token) => `${this.#appUrl}/users/log_in/link/${token}`,
      );
    }
    return { ok: true, info: LOGIN_REQUESTED };
  }

  /** Finds the user to whom a login link was mailed, and uses the link up; null for an invalid link. */
  async logInByMagicLink(token: unknown, { browser }: Client): Promise<UserOutcome | null> {
    const user = await this.#accounts.userByMagicLinkToken(token);
    const options = { isKnown: browserIdFor(browser, user?.email) !== undefined };
    return this.#welcome(await this.#accounts.logInByMagicLink(token, options));
  }

  /** Finds the user to whom a code was mailed, and uses the code up. */
  async logInByCode(params: unknown, client: Client): Promise<UserOutcome> {
    const { email, code } = toFields(params);
    const subject = subjectOf(client, email);
    const limited = await this.#overLimit("code", subject);
    if (limited) return limited;
    const options = { isKnown: subject.known !== undefined };
    const login = this.#welcome(await this.#accounts.logInByCode(email, code, options));
    // The message must not reveal whether the address is registered.
    if (!login) return { ok: false, errors: {}, message: "The code is invalid or it has expired." };
    await this.#limits.forgive("code", subject);
    return login;
  }

  /**
   * Lets the user of a session change dangerous settings for ten minutes, with the password or a mailed code. Succeeds at
   * once if the user has logged in shortly before.
   *
   * @param proof the fields `current_password` or `code`
   */
  async ensureSudoMode(
    user: User,
    sessionToken: unknown,
    proof: unknown,
    client: Client,
  ): Promise<UserOutcome> {
    if (await this.#accounts.isSudoMode(sessionToken)) return { ok: true, user };
    const { current_password: password, code } = toFields(proof);
    if (!password && !code) return { ok: false, errors: {}, message: PROOF_NEEDED };
    const action = code ? "code" : "log_in";
    const subject = ownerOf(user, client);
    const limited = await this.#overLimit(action, subject);
    if (limited) return limited;
    const isOwner = code
      ? (await this.#accounts.logInByCode(user.email, code, { isKnown: true })) !== null
      : await this.#accounts.isUserPassword(user, password);
    if (!isOwner) return refuse({ [code ? "code" : "current_password"]: ["is not valid"] });
    await this.#limits.forgive(action, subject);
    await this.#accounts.renewSudoMode(sessionToken);
    return { ok: true, user };
  }

  /** Ends a session of the user in another browser, with its sockets. */
  async endSession(user: User, id: unknown): Promise<void> {
    this.#endSockets(await this.#accounts.endUserSession(user, id));
  }

  /**
   * Adds a user and mails the link that confirms the address. If the user exists and the password is correct, returns
   * this user: a form that was submitted twice must not end with an error.
   */
  async register(params: unknown, client: Client): Promise<UserOutcome> {
    const { email } = toFields(params);
    const limited = await this.#overLimit("registration", subjectOf(client, email));
    if (limited) return limited;
    const registered = await this.#accounts.registerUser(params);
    if (!registered.ok) {
      const { email: emailErrors, password: passwordErrors } = registered.errors;
      const isOnlyTaken = emailErrors?.[0] === EMAIL_TAKEN && !passwordErrors;
      const owner = isOnlyTaken ? await this.logIn(params, client) : undefined;
      return owner?.ok ? owner : refuse(registered.errors);
    }
    this.#sendConfirmation(registered.user);
    return registered;
  }

  /** Mails the link to the form for a new password, if a user has the address. */
  async requestPasswordReset(params: unknown, client: Client): Promise<MessageOutcome> {
    const { email } = toFields(params);
    const limited = await this.#overLimit("mail", subjectOf(client, email));
    if (limited) return limited;
    const user = await this.#accounts.getUserByEmail(email);
    if (user) {
      this.#accounts.deliverUserResetPasswordInstructions(
        user,
        (token) => `${this.#appUrl}/users/reset_password/${token}`,
      );
    }
    return { ok: true, info: RESET_REQUESTED };
  }

  /** Sets a new password with a mailed token; null for an invalid token. */
  async resetPassword(token: unknown, params: unknown): Promise<MessageOutcome | null> {
    const reset = await this.#accounts.resetUserPassword(token, params);
    if (!reset.ok) return reset.reason === "token" ? null : refuse(reset.errors);
    this.#endSockets(reset.liveSocketIds);
    return { ok: true, info: "Password reset successfully." };
  }

  /** Mails the confirmation link again, if a user has the address. */
  async requestConfirmation(params: unknown, client: Client): Promise<MessageOutcome> {
    const { email } = toFields(params);
    const limited = await this.#overLimit("mail", subjectOf(client, email));
    if (limited) return limited;
    const user = await this.#accounts.getUserByEmail(email);
    if (user) this.#sendConfirmation(user);
    return { ok: true, info: CONFIRMATION_REQUESTED };
  }

  /**
   * Confirms the address that a token was mailed to. Does not log in: other people may have read the mail.
   *
   * @returns the messages by kind; none if the token is invalid and the visitor is confirmed, probably by it
   */
  async confirm(token: unknown, visitor: User | null): Promise<Readonly<Record<string, string>>> {
    if (await this.#accounts.confirmUser(token)) return { info: "User confirmed successfully." };
    if (visitor?.confirmedAt) return {};
    return { error: "User confirmation link is invalid or it has expired." };
  }

  /** Mails a link to the new address that makes it the user's. Requires `ensureSudoMode`. */
  async requestEmailChange(user: User, params: unknown, client: Client): Promise<MessageOutcome> {
    const { email } = toFields(params);
    const limited = await this.#overLimit("mail", subjectOf(client, email));
    if (limited) return limited;
    const applied = await this.#accounts.applyUserEmail(user, params);
    if (!applied.ok) return refuse(applied.errors);
    this.#accounts.deliverUserUpdateEmailInstructions(
      applied.user,
      user.email,
      (token) => `${this.#appUrl}/users/settings/confirm_email/${token}`,
    );
    return { ok: true, info: EMAIL_CHANGE_REQUESTED };
  }

  /** Gives the user the address that a token was mailed to. Returns the kind and the text of the message. */
  async changeEmail(user: User, token: unknown): Promise<readonly [kind: string, message: string]> {
    return (await this.#accounts.updateUserEmail(user, token))
      ? ["info", "Email changed successfully."]
      : ["error", "Email change link is invalid or it has expired."];
  }

  /** Changes the password and ends all sessions. The caller must start a new one. Requires `ensureSudoMode`. */
  async changePassword(user: User, params: unknown): Promise<UserOutcome> {
    const changed = await this.#accounts.updateUserPassword(user, params);
    if (!changed.ok) return refuse(changed.errors);
    this.#endSockets(changed.liveSocketIds);
    return { ok: true, user: changed.user };
  }

  /** Disconnects the sockets of the sessions that a login by mail has ended. */
  #welcome(login: MagicLinkLogin | null): UserOutcome | null {
    if (!login) return null;
    this.#endSockets(login.liveSocketIds);
    return { ok: true, user: login.user, info: login.needsPassword ? NEW_PASSWORD : WELCOME };
  }

  #sendConfirmation(user: User): void {
    this.#accounts.deliverUserConfirmationInstructions(
      user,
      (token) => `${this.#appUrl}/users/confirm/${token}`,
    );
  }

  /** Refuses an action that is done too often, without revealing whether the account exists. */
  async #overLimit(action: LimitedAction, subject: LimitedSubject): Promise<Refusal | null> {
    const limit = await this.#limits.consume(action, subject);
    if (limit.allowed) return null;
    const minutes = Math.ceil(limit.retryAfterSeconds / 60);
    const message = `Too many attempts. Please try again in ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`;
    return { ok: false, errors: {}, message };
  }
}

/** Counts the actions of a known browser of the account apart from those of strangers. */
function subjectOf({ address, browser }: Client, account: unknown): LimitedSubject {
  return { address, account, known: browserIdFor(browser, account) };
}

/** Counts the current passwords of a logged-in user apart from the logins of strangers. */
function ownerOf(user: User, { address }: Client): LimitedSubject {
  return { address, account: user.email, known: "session" };
}
