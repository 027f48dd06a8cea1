import type { AccountServices } from "./account-services.js";
import type { User } from "./users/user.js";

/** Operations to prove that the e-mail address belongs to the user. */
export function confirmation({ users, tokens, notifier, transact, now }: AccountServices) {
  return {
    /** Mails an unconfirmed user a confirmation link, valid for 7 days. Returns before the mail is sent. */
    deliverUserConfirmationInstructions(
      user: User,
      urlFor: (token: string) => string,
    ): "queued" | "already_confirmed" {
      if (user.confirmedAt) return "already_confirmed";
      notifier.deliverConfirmationInstructions(user.email, async () =>
        urlFor(await tokens.create(user, "confirm", { sentTo: user.email })),
      );
      return "queued";
    },

    /** Confirms the user that the token was mailed to and uses the token up. Null for an invalid token. */
    async confirmUser(token: unknown): Promise<User | null> {
      const user = await tokens.findByMail(token, "confirm");
      if (!user) return null;
      return transact(async (trx) => {
        const confirmed = await users.update(
          trx,
          user,
          { email: user.email },
          { confirmedAt: now() },
        );
        if (!confirmed || !(await tokens.claim(trx, token, "confirm"))) return null;
        await tokens.deleteContext(trx, user, "confirm");
        return confirmed;
      });
    },
  };
}
