import type { ChannelServices } from "../live/channel-input.js";
import type { ClientScript } from "./client-script.js";
import type { CheckedOptions } from "./options.js";
import type { Signer } from "./signer.js";
import type { Statics } from "./statics.js";

/** What the parts of one `createLive` share. */
export interface LiveServices extends ChannelServices {
  readonly options: CheckedOptions;
  readonly signer: Signer;
  readonly script: ClientScript;
  readonly statics: Statics;
}
