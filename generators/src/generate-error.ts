/** Reports why nothing could be generated. The message is for the user. */
export class GenerateError extends Error {
  override readonly name = "GenerateError";
}
