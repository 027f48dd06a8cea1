import { spawnSync } from "node:child_process";

/**
 * Runs a command line with this process's output, in a folder if one is given; true if it succeeded. The
 * packages' commands are on its path.
 */
export function shell(command: string, cwd?: string): boolean {
  return (
    spawnSync(command, { cwd, shell: true, stdio: ["ignore", "inherit", "inherit"] }).status === 0
  );
}
