import type { Knex } from "knex";

/** All migrations by name, in order. A name is recorded in the database: never change one. */
export const migrations: ReadonlyMap<string, Knex.Migration> = new Map<string, Knex.Migration>([]);
