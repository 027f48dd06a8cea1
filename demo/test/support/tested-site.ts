import { after, before } from "node:test";
import { createTestDatabase, type TestDatabase } from "./database.js";
import { startTestSite, type TestSite } from "./site.js";

/**
 * Runs a site on an empty SQLite database for the tests of the surrounding suite.
 *
 * @returns a function that returns the site while the tests run
 */
export function testedSite(): () => TestSite {
  let database: TestDatabase;
  let site: TestSite;
  before(async () => {
    database = await createTestDatabase();
    site = await startTestSite(database.config);
  });
  after(async () => {
    await site.stop();
    await database.remove();
  });
  return () => site;
}
