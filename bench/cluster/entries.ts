import knex from "knex";

/** A table of the database, in which each page counts. */
export interface Entries {
  prepare(): Promise<void>;
  /** Adds the next number of a page. Resolves when it is stored. */
  add(page: number, n: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens the table of a MySQL server; without a URL, a table that refuses everything. */
export function openEntries(url: string | undefined): Entries {
  if (url === undefined)
    return {
      prepare: async () => {},
      add: () => Promise.reject(new Error("there is no database")),
      close: async () => {},
    };
  const pool = { min: 0, max: 5, idleTimeoutMillis: 500, reapIntervalMillis: 200 };
  const database = knex({
    client: "mysql2",
    connection: { uri: url, connectTimeout: 5000 },
    pool,
    acquireConnectionTimeout: 5000,
    // The errors reach the view or the request.
    log: { error() {}, warn() {}, debug() {}, deprecate() {} },
  });
  return {
    async prepare() {
      await database.raw(
        "create table if not exists entries (page int, n int, primary key (page, n)) engine = InnoDB",
      );
    },
    async add(page, n) {
      // An entry whose answer was lost is added again.
      await database("entries").insert({ page, n }).onConflict().ignore();
    },
    close: () => database.destroy(),
  };
}
