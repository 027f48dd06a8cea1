import { spawnSync } from "node:child_process";

/** Runs a command line with this process's output; true if it succeeded. The packages' commands are on its path. */
export function shell(command: string): boolean {
  return spawnSync(command, { shell: true, stdio: ["ignore", "inherit", "inherit"] }).status === 0;
}
