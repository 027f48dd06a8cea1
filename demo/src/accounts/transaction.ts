import type { Knex } from "knex";

/** Runs work in a transaction. When the result is null nothing of it has happened. */
export type Transact = <T>(work: (trx: Knex.Transaction) => Promise<T | null>) => Promise<T | null>;

class Undo extends Error {}

/** Makes the function that runs transactions on a database. */
export function transactionsOn(knex: Knex): Transact {
  return async (work) => {
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
  };
}
