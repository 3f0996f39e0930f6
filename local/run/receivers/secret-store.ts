import { randomBytes } from 'node:crypto';

/** The tokens and keys of a run's receivers. A receiver accepts exactly what Secrets Manager holds. */
export interface SecretStore {
  /**
   * The value of one member of a secret, drawn when it is first asked for. @param onRotate tells the receiver the
   * new value, and for how long the old one must still work
   */
  member(secretArn: string, name: string, onRotate?: OnRotate): string;
  /** Every secret as its JSON, by ARN. */
  values(): Readonly<Record<string, string>>;
  /** True if a receiver can be told a new value. */
  rotates(secretArn: string): boolean;
  /**
   * Draws new values for every member of a secret that can be rotated, and tells its receivers. @returns the
   * secret's JSON
   */
  rotate(secretArn: string, oldValidForMs: number): string;
}

export type OnRotate = (next: string, oldValidForMs: number) => void;

export function createSecretStore(): SecretStore {
  const secrets = new Map<string, Map<string, { value: string; readonly onRotate: OnRotate[] }>>();
  const textOf = (arn: string): string => {
    const members = [...(secrets.get(arn) ?? [])].map(([name, { value }]) => [name, value]);
    return JSON.stringify(Object.fromEntries(members));
  };
  const rotatable = (arn: string) =>
    [...(secrets.get(arn)?.values() ?? [])].filter(({ onRotate }) => onRotate.length > 0);
  return {
    member(arn, name, onRotate) {
      const members = secrets.get(arn) ?? new Map();
      secrets.set(arn, members);
      const member = members.get(name) ?? { value: drawn(), onRotate: [] };
      members.set(name, member);
      if (onRotate !== undefined) member.onRotate.push(onRotate);
      return member.value;
    },
    values: () => Object.fromEntries([...secrets.keys()].map((arn) => [arn, textOf(arn)])),
    rotates: (arn) => rotatable(arn).length > 0,
    rotate(arn, oldValidForMs) {
      for (const member of rotatable(arn)) {
        member.value = drawn();
        for (const tell of member.onRotate) tell(member.value, oldValidForMs);
      }
      return textOf(arn);
    },
  };
}

function drawn(): string {
  return randomBytes(16).toString('hex');
}
