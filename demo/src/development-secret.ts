import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const DEFAULT_FILE = fileURLToPath(new URL("../data/secret", import.meta.url));

/**
 * The environment with a `SECRET` in it. Where none is given, outside of production, it is one that a
 * file keeps, so that sessions and open pages outlive a restart of the server.
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

/** Keeps a new secret. Of several processes that do so at the same time, all get the one of the first. */
function keep(file: string): string {
  const secret = randomBytes(32).toString("base64url");
  const draft = `${file}.${process.pid}`;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(draft, secret, { mode: 0o600 });
  try {
    // Unlike writing, linking is done at once or not at all.
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
