/**
 * Files that a new app shares with the demo, relative to its `src`. The build copies them into the package, so that
 * each exists once in the repository.
 */
export const sharedFiles: readonly string[] = [
  "config.ts",
  "database.ts",
  "development-secret.ts",
  "fields.ts",
  "running-requests.ts",
  "start-site.ts",
  "migrations/create-table.ts",
  "migrations/migrate.ts",
  "web/assets.ts",
  "web/assets/base.css",
  "web/assets/content.css",
  "web/assets/dialogs.js",
  "web/assets/favicon.svg",
  "web/assets/forms.css",
  "web/assets/layout.css",
  "web/assets/theme.css",
  "web/behind-tls.ts",
  "web/content-security-policy.ts",
  "web/error-pages.ts",
  "web/form-body.ts",
  "web/forms/posted-form.ts",
  "web/hooks/log-session.ts",
  "web/layouts/root-layout.ts",
  "web/live/notification-live.ts",
  "web/method-override.ts",
  "web/refused-payloads.ts",
  "web/stylesheets.ts",
];
