import type { Knex } from "knex";
import { createTable } from "./create-table.js";

/**
 * Creates `users`: the e-mail address as the owner typed it, and the key that makes it unique regardless of
 * case, in the same way on every database. Times are UTC, in milliseconds.
 */
export const createUsers: Knex.Migration = {
  up: (db) =>
    createTable(db, "users", (table) => {
      table.increments("id");
      table.string("email", 160).notNullable();
      // Lower case can be longer: "İ" becomes two characters.
      table.string("email_key", 320).notNullable().unique({ indexName: "users_email_key_unique" });
      table.string("hashed_password").notNullable();
      table.datetime("confirmed_at", { precision: 3 });
      table.datetime("inserted_at", { precision: 3 }).notNullable();
      table.datetime("updated_at", { precision: 3 }).notNullable();
    }),
  down: (db) => db.schema.dropTable("users"),
};
