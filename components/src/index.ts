export * from "./context.js";
export * from "./light-nav.js";
export * from "./live-flash.js";
export * from "./live-notifications.js";
export * from "./live-session-controller.js";
