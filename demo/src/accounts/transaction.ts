import type { Knex } from "knex";
import { isDeadlock } from "../database.js";

/** Runs work in a transaction. Rolls back if the result is null. May run the work several times. */
export type Transact = <T>(work: (trx: Knex.Transaction) => Promise<T | null>) => Promise<T | null>;

/** How many times a write is tried when it meets deadlocks. */
const ATTEMPTS = 10;

class Undo extends Error {}

/** Creates the function that runs transactions on a database. */
export function transactionsOn(knex: Knex): Transact {
  return (work) => retryDeadlocks(() => transact(knex, work));
}

/**
 * Runs a write, and runs it again after a deadlock. MySQL aborts one of two writes that wait for each other
 * and expects a retry. This happens between the indexes of one table, so ordering our locks cannot prevent it.
 * SQLite aborts a transaction that writes after another process has changed what it read.
 */
export async function retryDeadlocks<T>(write: () => PromiseLike<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (attempt === ATTEMPTS || !isDeadlock(error)) throw error;
    }
  }
}

async function transact<T>(
  knex: Knex,
  work: (trx: Knex.Transaction) => Promise<T | null>,
): Promise<T | null> {
  try {
    return await knex.transaction(async (trx) => {
      const result = await work(trx);
      if (result === null) throw new Undo();
      return result;
    });
  } catch (error) {
    if (error instanceof Undo) return null;
    throw error;
  }
}
