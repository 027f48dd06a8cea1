let hasWarned = false;

/** Warns once per page that the client and the server have different versions. */
export function warnAboutVersions(ofServer: string | undefined, ofPage: string): void {
  if (hasWarned) return;
  hasWarned = true;
  // biome-ignore lint/suspicious/noConsole: docs/decisions/log-a-version-mismatch-to-the-console.md
  console.warn(`@live-session/components is ${ofPage} in this page and ${ofServer} on its server.`);
}
