/** A kind of destination, as `relay init` writes it and explains it. */
export interface DestinationChoice {
  readonly kind: string;
  /** The receiver, in a sentence. */
  readonly about: string;
  /** The page of the docs. */
  readonly page?: string;
  /** The meaning of each setting of the kind, in words. */
  readonly says: Readonly<Record<string, string>>;
  /** Settings with all that must be said, by examples of the stage `prod` in eu-west-1. */
  readonly example: Readonly<Record<string, string>>;
}
