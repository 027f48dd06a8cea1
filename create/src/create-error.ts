/** Reports why no app could be created. The message is for the user. */
export class CreateError extends Error {
  override readonly name = "CreateError";
}
