import type { Accounts } from "../accounts/accounts.js";
import type { LimitedAction, LimitedSubject, RateLimits } from "../accounts/rate-limits.js";
import type { User } from "../accounts/users/user.js";
import { EMAIL_TAKEN } from "../accounts/users/user-fields.js";
import { toFields } from "../fields.js";
import { type Refusal, refuse } from "./forms/form.js";

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
export type UserOutcome = { readonly ok: true; readonly user: User } | Refusal;

/** Result of a form that shows a message. */
export type MessageOutcome = { readonly ok: true; readonly info: string } | Refusal;

const RESET_REQUESTED =
  "If your email is in our system, you will receive instructions to reset your password shortly.";
const CONFIRMATION_REQUESTED =
  "If your email is in our system and it has not been confirmed yet, you will receive an email with instructions shortly.";
const EMAIL_CHANGE_REQUESTED =
  "A link to confirm your email change has been sent to the new address.";

/**
 * The actions of the account pages, for events of live views and for plain posts. `params` and tokens are
 * unchecked, with any type. `address` is the network address of the client, for rate limits.
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

  /** Finds the user with this address and password. `browser` is the id of a browser that belongs to the owner. */
  async logIn(params: unknown, address: string, browser?: string): Promise<UserOutcome> {
    const { email, password } = toFields(params);
    const subject = { address, account: email, known: browser };
    const limited = await this.#overLimit("log_in", subject);
    if (limited) return limited;
    const user = await this.#accounts.getUserByEmailAndPassword(email, password);
    // The message must not reveal whether the address is registered.
    if (!user) return { ok: false, errors: {}, message: "Invalid email or password" };
    await this.#limits.forgive("log_in", subject);
    return { ok: true, user };
  }

  /**
   * Adds a user and mails the link that confirms the address. If the user exists and the password is correct, returns
   * this user: a form that was submitted twice must not end with an error.
   */
  async register(params: unknown, address: string): Promise<UserOutcome> {
    const { email } = toFields(params);
    const limited = await this.#overLimit("registration", { address, account: email });
    if (limited) return limited;
    const registered = await this.#accounts.registerUser(params);
    if (!registered.ok) {
      const { email: emailErrors, password: passwordErrors } = registered.errors;
      const isOnlyTaken = emailErrors?.[0] === EMAIL_TAKEN && !passwordErrors;
      const owner = isOnlyTaken ? await this.logIn(params, address) : undefined;
      return owner?.ok ? owner : refuse(registered.errors);
    }
    this.#sendConfirmation(registered.user);
    return registered;
  }

  /** Mails the link to the form for a new password, if a user has the address. */
  async requestPasswordReset(params: unknown, address: string): Promise<MessageOutcome> {
    const { email } = toFields(params);
    const limited = await this.#overLimit("mail", { address, account: email });
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
  async requestConfirmation(params: unknown, address: string): Promise<MessageOutcome> {
    const { email } = toFields(params);
    const limited = await this.#overLimit("mail", { address, account: email });
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

  /** Mails a link to the new address that makes it the user's. */
  async requestEmailChange(
    user: User,
    currentPassword: unknown,
    params: unknown,
    address: string,
  ): Promise<MessageOutcome> {
    const { email } = toFields(params);
    const subject = ownerOf(user, address);
    const limited =
      (await this.#overLimit("log_in", subject)) ??
      (await this.#overLimit("mail", { address, account: email }));
    if (limited) return limited;
    const applied = await this.#accounts.applyUserEmail(user, currentPassword, params);
    if (!applied.ok) return refuse(applied.errors);
    await this.#limits.forgive("log_in", subject);
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

  /** Changes the password and ends all sessions. The caller must start a new one. */
  async changePassword(
    user: User,
    currentPassword: unknown,
    params: unknown,
    address: string,
  ): Promise<UserOutcome> {
    const subject = ownerOf(user, address);
    const limited = await this.#overLimit("log_in", subject);
    if (limited) return limited;
    const changed = await this.#accounts.updateUserPassword(user, currentPassword, params);
    if (!changed.ok) return refuse(changed.errors);
    await this.#limits.forgive("log_in", subject);
    this.#endSockets(changed.liveSocketIds);
    return { ok: true, user: changed.user };
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

/** Counts the current passwords of a logged-in user apart from the logins of strangers. */
function ownerOf(user: User, address: string): LimitedSubject {
  return { address, account: user.email, known: "session" };
}
