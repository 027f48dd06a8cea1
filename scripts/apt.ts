import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/**
 * Installs packages with apt-get where that is possible: as root on Debian and its derivatives.
 *
 * @returns true if the packages are installed now
 */
export function installWithApt(...packages: string[]): boolean {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  console.log(`Installing ${packages.join(", ")} with apt-get.`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    for (const args of [
      ["update", "-qq"],
      ["install", "-y", "-qq", "--no-install-recommends", ...packages],
    ]) {
      execFileSync("apt-get", args, { env, stdio: ["ignore", "inherit", "inherit"] });
    }
    return true;
  } catch {
    return false;
  }
}
