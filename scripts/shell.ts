import { spawn } from "node:child_process";
import { once } from "node:events";

/**
 * Runs a command line and prints its output. The commands of the installed packages are on its path.
 *
 * @param cwd - the folder to run in; the current one by default
 * @returns true if the command succeeded
 */
export async function shell(command: string, cwd?: string): Promise<boolean> {
  const child = spawn(command, { cwd, shell: true, stdio: ["ignore", "inherit", "inherit"] });
  const [code] = await once(child, "close");
  return code === 0;
}
