import { readConfig } from "./config.js";
import { createDatabase } from "./database.js";
import { readEnvironment } from "./environment.js";

// The server does this too when it starts. This script is for deployments that migrate first.
const database = createDatabase(readConfig(readEnvironment()).database);
await database.migrate();
await database.close();
