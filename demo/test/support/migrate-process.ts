/**
 * A process that migrates a database, as the site does when it starts. Arguments: the database's
 * configuration in JSON and, to kill the process during the migration, a string in the statement that ends it.
 */
import { createDatabase, type DatabaseConfig } from "../../src/database.js";

const [config, fatal] = process.argv.slice(2);
const database = createDatabase(JSON.parse(config ?? "") as DatabaseConfig);
database.knex.on("query", ({ sql }: { sql: string }) => {
  if (fatal && sql.includes(fatal)) process.kill(process.pid, "SIGKILL");
});
await database.migrate();
await database.close();
