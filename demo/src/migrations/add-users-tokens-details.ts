import type { Knex } from "knex";

/**
 * Adds to `users_tokens` the details of sessions and of mailed codes: the hash of the code and the number of attempts to
 * enter it; the device of a session, when it was last used, and when its user last proved to be the owner.
 */
export const addUsersTokensDetails: Knex.Migration = {
  async up(db) {
    if (await db.schema.hasColumn("users_tokens", "authenticated_at")) return;
    // One statement in MySQL, which commits each statement of a migration separately.
    await db.schema.alterTable("users_tokens", (table) => {
      table.string("hashed_code");
      table.integer("attempts").unsigned().notNullable().defaultTo(0);
      table.string("device", 100);
      table.datetime("used_at", { precision: 3 });
      table.datetime("authenticated_at", { precision: 3 });
    });
  },
  down: (db) =>
    db.schema.alterTable("users_tokens", (table) =>
      table.dropColumns("hashed_code", "attempts", "device", "used_at", "authenticated_at"),
    ),
};
