import type { Knex } from "knex";
import { createTable } from "./create-table.js";

/** Creates `feedback`: what visitors think of the talk. Its rows belong to no user. */
export const createFeedback: Knex.Migration = {
  up: (db) =>
    createTable(db, "feedback", (table) => {
      table.increments("id");
      table.integer("rating").notNullable();
      table.text("comment").notNullable();
      table.string("name", 100).notNullable();
      table.datetime("inserted_at", { precision: 3 }).notNullable();
    }),
  down: (db) => db.schema.dropTable("feedback"),
};
