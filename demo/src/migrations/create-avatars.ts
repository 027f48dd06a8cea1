import type { Knex } from "knex";
import { createTable } from "./create-table.js";

/** Creates `avatars`: at most one image of each user, which is deleted with the user. */
export const createAvatars: Knex.Migration = {
  up: (db) =>
    createTable(db, "avatars", (table) => {
      table.integer("user_id").unsigned().primary("avatars_primary");
      table.string("type", 100).notNullable();
      // In MySQL, a blob has at most 64 KiB. SQLite knows one kind.
      table.specificType("content", "mediumblob").notNullable();
      table.string("digest", 64).notNullable();
      table
        .foreign("user_id", "avatars_user_id_foreign")
        .references("users.id")
        .onDelete("CASCADE");
    }),
  down: (db) => db.schema.dropTable("avatars"),
};
