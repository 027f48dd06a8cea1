export type { CommandTarget, CommandTransition } from "./command.js";
export { applyDiff, type Diff, type WireEntry, type WireOrder } from "./diff.js";
export type {
  ConnectParams,
  EventPayload,
  EventReply,
  FlashMessages,
  JoinPayload,
  JoinRefusal,
  JoinReply,
  KeptState,
  NavigationTarget,
  PushedEvent,
  RedirectTarget,
  ResumeReply,
  ResumeRequest,
  ResumeSecret,
  Update,
} from "./join.js";
export { applyPatch, escapePointer, type PatchOperation } from "./json-patch.js";
export {
  CloseCode,
  carrierDropped,
  decodeMessage,
  encodeMessage,
  type Message,
  ProtocolError,
} from "./message.js";
export { partMark, toParts } from "./parts.js";
export { scriptScheme } from "./script-url.js";
export {
  type DirectiveName,
  isWireData,
  isWireDirective,
  isWireKeyedList,
  isWireList,
  isWireNothing,
  isWireTemplate,
  type TemplateStrings,
  type Templates,
  type WireData,
  type WireDirective,
  type WireKey,
  type WireKeyedList,
  type WireList,
  type WireNode,
  type WireNothing,
  type WireTemplate,
  type WireValue,
} from "./tree.js";
export { version } from "./version.js";
