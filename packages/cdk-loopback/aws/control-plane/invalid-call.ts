/** A mistake of the caller, with the code that the service would answer. */
export class InvalidCall extends Error {
  readonly code: string;

  constructor(message: string, code = 'InvalidParameterValue') {
    super(message);
    this.name = 'InvalidCall';
    this.code = code;
  }
}

/** @throws {InvalidCall} naming the members that are not among `known` */
export function refuseOtherMembers(input: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  const others = Object.keys(input).filter((name) => !known.includes(name));
  if (others.length > 0) throw new InvalidCall(`${others.join(', ')} is not known here`);
}
