import type { Knex } from "knex";
import { createTable } from "./create-table.js";

/**
 * Creates `users_tokens`: the SHA-256 of each token in hexadecimal, its purpose, and the address that it was
 * mailed to, if any. The tokens are deleted with the user.
 */
export const createUsersTokens: Knex.Migration = {
  up: (db) =>
    createTable(db, "users_tokens", (table) => {
      table.increments("id");
      table.integer("user_id").unsigned().notNullable().index("users_tokens_user_id_index");
      table.string("token", 64).notNullable();
      table.string("context").notNullable();
      table.string("sent_to", 160);
      table.datetime("inserted_at", { precision: 3 }).notNullable();
      table.unique(["context", "token"], { indexName: "users_tokens_context_token_unique" });
      table
        .foreign("user_id", "users_tokens_user_id_foreign")
        .references("users.id")
        .onDelete("CASCADE");
    }),
  down: (db) => db.schema.dropTable("users_tokens"),
};
