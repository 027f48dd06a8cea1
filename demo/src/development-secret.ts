import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const DEFAULT_FILE = fileURLToPath(new URL("../data/secret", import.meta.url));

/**
 * Returns the environment with a `SECRET`. Outside of production, a missing secret is read from a file, so
 * that sessions and open pages survive a restart of the server.
 */
export function withDevelopmentSecret<Env extends Readonly<Record<string, string | undefined>>>(
  env: Env,
  file: string = DEFAULT_FILE,
): Env {
  if (env.NODE_ENV === "production" || env.SECRET) return env;
  return { ...env, SECRET: readKept(file) ?? keep(file) };
}

function readKept(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Stores a new secret. If several processes do this at the same time, all get the secret of the first. */
function keep(file: string): string {
  const secret = randomBytes(32).toString("base64url");
  const draft = `${file}.${process.pid}`;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(draft, secret, { mode: 0o600 });
  try {
    // Unlike writing, creating a link is atomic.
    linkSync(draft, file);
  } catch (error) {
    const kept = readKept(file);
    if (kept === undefined) throw error;
    return kept;
  } finally {
    rmSync(draft);
  }
  return secret;
}
