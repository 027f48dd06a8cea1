import type { Accounts } from "../accounts/accounts.js";
import type { LimitedAction, LimitedSubject, RateLimits } from "../accounts/rate-limits.js";
import type { User } from "../accounts/users/user.js";
import { toFields } from "../accounts/users/user-fields.js";
import { type Refusal, refuse } from "./forms/form.js";

/** What an `AccountActions` works with. */
export interface AccountActionsOptions {
  readonly accounts: Accounts;
  readonly limits: RateLimits;
  /** What links in mails start with. */
  readonly appUrl: string;
  /** Cuts the sockets that were opened with a session. */
  readonly endSockets: (liveSocketIds: readonly string[]) => void;
}

/** What became of a form that leads to a user. */
export type UserOutcome = { readonly ok: true; readonly user: User } | Refusal;

/** What became of a form that is answered with a message. */
export type MessageOutcome = { readonly ok: true; readonly info: string } | Refusal;

const RESET_REQUESTED =
  "If your email is in our system, you will receive instructions to reset your password shortly.";
const CONFIRMATION_REQUESTED =
  "If your email is in our system and it has not been confirmed yet, you will receive an email with instructions shortly.";
const EMAIL_CHANGE_REQUESTED =
  "A link to confirm your email change has been sent to the new address.";

/**
 * What the account pages do, the same for an event of a live view and for a plain post. `params` and tokens
 * are what came, of whatever type; `address` is the client's network address, by which actions are limited.
 */
export class AccountActions {
  readonly #accounts: Accounts;
  readonly #limits: RateLimits;
  readonly #appUrl: string;
  readonly #endSockets: AccountActionsOptions["endSockets"];

  constructor({ accounts, limits, appUrl, endSockets }: AccountActionsOptions) {
    this.#accounts = accounts;
    this.#limits = limits;
    this.#appUrl = appUrl;
    this.#endSockets = endSockets;
  }

  /** Tells the user whose address and password were given. */
  async logIn(params: unknown, address: string): Promise<UserOutcome> {
    const { email, password } = toFields(params);
    const limited = await this.#overLimit("log_in", { address, account: email });
    if (limited) return limited;
    const user = await this.#accounts.getUserByEmailAndPassword(email, password);
    // Whether the address is known is nobody's business.
    if (!user) return { ok: false, errors: {}, message: "Invalid email or password" };
    await this.#limits.forgive("log_in", email);
    return { ok: true, user };
  }

  /** Adds a user and mails the link that confirms the address. */
  async register(params: unknown, address: string): Promise<UserOutcome> {
    const { email } = toFields(params);
    const limited = await this.#overLimit("registration", { address, account: email });
    if (limited) return limited;
    const registered = await this.#accounts.registerUser(params);
    if (!registered.ok) return refuse(registered.errors);
    this.#sendConfirmation(registered.user);
    return registered;
  }

  /** Mails the link to the form for a new password, to whom it may concern. */
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

  /** Sets a new password by the token of a mail; null when the token is not valid. */
  async resetPassword(token: unknown, params: unknown): Promise<MessageOutcome | null> {
    const reset = await this.#accounts.resetUserPassword(token, params);
    if (!reset.ok) return reset.reason === "token" ? null : refuse(reset.errors);
    this.#endSockets(reset.liveSocketIds);
    return { ok: true, info: "Password reset successfully." };
  }

  /** Mails the link that confirms the address once more, to whom it may concern. */
  async requestConfirmation(params: unknown, address: string): Promise<MessageOutcome> {
    const { email } = toFields(params);
    const limited = await this.#overLimit("mail", { address, account: email });
    if (limited) return limited;
    const user = await this.#accounts.getUserByEmail(email);
    if (user) this.#sendConfirmation(user);
    return { ok: true, info: CONFIRMATION_REQUESTED };
  }

  /**
   * Confirms the address that a token was mailed to. It logs nobody in: the mail may have been read by others.
   *
   * @returns the message; none when the token is used up and the visitor confirmed, likely by it
   */
  async confirm(token: unknown, visitor: User | null): Promise<Readonly<Record<string, string>>> {
    if (await this.#accounts.confirmUser(token)) return { info: "User confirmed successfully." };
    if (visitor?.confirmedAt) return {};
    return { error: "User confirmation link is invalid or it has expired." };
  }

  /** Mails a new address the link that makes it the user's. */
  async requestEmailChange(
    user: User,
    currentPassword: unknown,
    params: unknown,
    address: string,
  ): Promise<MessageOutcome> {
    const { email } = toFields(params);
    const limited =
      (await this.#overLimit("log_in", { address, account: user.email })) ??
      (await this.#overLimit("mail", { address, account: email }));
    if (limited) return limited;
    const applied = await this.#accounts.applyUserEmail(user, currentPassword, params);
    if (!applied.ok) return refuse(applied.errors);
    await this.#limits.forgive("log_in", user.email);
    this.#accounts.deliverUserUpdateEmailInstructions(
      applied.user,
      user.email,
      (token) => `${this.#appUrl}/users/settings/confirm_email/${token}`,
    );
    return { ok: true, info: EMAIL_CHANGE_REQUESTED };
  }

  /** Changes the password, which ends all sessions: this one has to begin anew. */
  async changePassword(
    user: User,
    currentPassword: unknown,
    params: unknown,
    address: string,
  ): Promise<UserOutcome> {
    const limited = await this.#overLimit("log_in", { address, account: user.email });
    if (limited) return limited;
    const changed = await this.#accounts.updateUserPassword(user, currentPassword, params);
    if (!changed.ok) return refuse(changed.errors);
    await this.#limits.forgive("log_in", user.email);
    this.#endSockets(changed.liveSocketIds);
    return { ok: true, user: changed.user };
  }

  #sendConfirmation(user: User): void {
    this.#accounts.deliverUserConfirmationInstructions(
      user,
      (token) => `${this.#appUrl}/users/confirm/${token}`,
    );
  }

  /** A refusal if this was done too often; it does not tell whether there is such an account. */
  async #overLimit(action: LimitedAction, subject: LimitedSubject): Promise<Refusal | null> {
    const limit = await this.#limits.consume(action, subject);
    if (limit.allowed) return null;
    const minutes = Math.ceil(limit.retryAfterSeconds / 60);
    const message = `Too many attempts. Please try again in ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`;
    return { ok: false, errors: {}, message };
  }
}
