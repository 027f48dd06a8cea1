// An entry of its own: the script that every page loads contains the modules of index.ts, and only some pages upload files.
export * from "./binary-message.js";
export * from "./upload.js";
