import type { ChannelServices } from "../live/runtime/channel.js";
import type { Resumptions } from "./connection/resumptions.js";
import type { Turns } from "./connection/turns.js";
import type { CheckedOptions } from "./options.js";
import type { AdoptableViews } from "./page/adoptable-views.js";
import type { ClientScript } from "./page/client-script.js";
import type { Statics } from "./page/statics.js";
import type { Sealer } from "./session/sealer.js";
import type { Signer } from "./session/signer.js";

/** The objects that pages and connections of one `createLive` share. */
export interface LiveServices extends ChannelServices {
  readonly options: CheckedOptions;
  readonly signer: Signer;
  readonly sealer: Sealer;
  readonly script: ClientScript;
  readonly statics: Statics;
  readonly turns: Turns;
  readonly adoptableViews: AdoptableViews;
  readonly resumptions: Resumptions;
}
