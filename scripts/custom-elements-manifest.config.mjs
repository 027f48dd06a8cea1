export default {
  globs: [
    "src/light-nav.ts",
    "src/live-file-input.ts",
    "src/live-flash.ts",
    "src/live-notifications.ts",
    "src/live-session.ts",
  ],
  litelement: true,
  quiet: true,
  // The analyzer would write its output folder into package.json.
  packagejson: false,
};
