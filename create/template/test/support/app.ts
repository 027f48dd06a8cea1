import { after, before } from "node:test";
import { createSite, type Site } from "../../src/app.js";
import { readConfig } from "../../src/config.js";
import { createDatabase, type Database } from "../../src/database.js";
import { startSite } from "../../src/start-site.js";
import { createTestDatabase, type TestDatabase } from "./database.js";

/** A running site. */
export interface RunningApp {
  /** The Koa app, for the test kit. */
  readonly app: Site["app"];
  /** The address, for a browser. */
  readonly url: string;
  /** Another connection to its database. */
  readonly database: Database;
}

/**
 * Runs the site on an empty database for the tests of the surrounding suite.
 *
 * @returns a function that returns the site while the tests run
 */
export function runningApp(): () => RunningApp {
  let database: TestDatabase;
  let app: RunningApp;
  let stop: () => Promise<void>;
  before(async () => {
    database = await createTestDatabase();
    const config = { ...readConfig({ NODE_ENV: "test", PORT: "0" }), database: database.config };
    const site = createSite(config, { writeLine: () => {} });
    const running = await startSite(site, config);
    app = { app: site.app, url: running.url, database: createDatabase(config.database) };
    stop = running.stop;
  });
  after(async () => {
    await app.database.close();
    await stop();
    await database.remove();
  });
  return () => app;
}
