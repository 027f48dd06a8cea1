import { existsSync } from "node:fs";
import { withDevelopmentSecret } from "./development-secret.js";

/** Returns the environment variables, those of the file `.env` included. Variables of the process win. */
export function readEnvironment(): Readonly<Record<string, string | undefined>> {
  if (existsSync(".env")) process.loadEnvFile(".env");
  return withDevelopmentSecret(process.env);
}
