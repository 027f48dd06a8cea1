// A separate entry: every page loads the modules of index.ts, but only some pages upload files.
export * from "./binary-message.js";
export * from "./upload.js";
