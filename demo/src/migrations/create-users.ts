import type { Knex } from "knex";
import { createTable } from "./create-table.js";

/**
 * `users`: the e-mail address as its owner typed it, and next to it the key that makes it unique without
 * regard to case, the same way on every database. Times are UTC, in milliseconds.
 */
export const createUsers: Knex.Migration = {
  up: (db) =>
    createTable(db, "users", (table) => {
      table.increments("id");
      table.string("email", 160).notNullable();
      // Lower-casing may lengthen: "İ" becomes two characters.
      table.string("email_key", 320).notNullable().unique({ indexName: "users_email_key_unique" });
      table.string("hashed_password").notNullable();
      table.datetime("confirmed_at", { precision: 3 });
      table.datetime("inserted_at", { precision: 3 }).notNullable();
      table.datetime("updated_at", { precision: 3 }).notNullable();
    }),
  down: (db) => db.schema.dropTable("users"),
};
