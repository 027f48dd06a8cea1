import type { Knex } from "knex";
import { isDeadlock } from "../database.js";

/** Runs work in a transaction. When the result is null nothing of it has happened. It may run several times. */
export type Transact = <T>(work: (trx: Knex.Transaction) => Promise<T | null>) => Promise<T | null>;

/** How often a write is tried that other writes stand in the way of. */
const ATTEMPTS = 10;

class Undo extends Error {}

/** Makes the function that runs transactions on a database. */
export function transactionsOn(knex: Knex): Transact {
  return (work) => retryDeadlocks(() => transact(knex, work));
}

/**
 * Runs a write, and again when it met a deadlock: MySQL ends one of two writes that wait for each other, and
 * expects it to try again. It happens between indexes of one table, so no order of our locks rules it out. SQLite does
 * so with a transaction that would write after another process did.
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
