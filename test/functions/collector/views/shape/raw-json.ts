/** A JSON value as it is spelled: of an object each member with its decoded name, in the order of the text. */
export interface RawValue {
  /** The value's bytes, without white space around it. */
  readonly text: string;
  readonly members?: readonly (readonly [name: string, value: RawValue])[];
  readonly elements?: readonly RawValue[];
}

/** Reads valid JSON by a way of its own, which leaves every spelling and every duplicate. */
export function readRaw(json: string): RawValue {
  let at = 0;
  const skip = (): void => {
    while (/[ \t\r\n]/.test(json[at] ?? '')) at += 1;
  };
  const string = (): string => {
    const start = at;
    at += 1;
    while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
    at += 1;
    return json.slice(start, at);
  };
  const items = (close: string, one: () => void): void => {
    at += 1;
    for (skip(); json[at] !== close; skip()) {
      one();
      skip();
      if (json[at] === ',') at += 1;
    }
    at += 1;
  };
  const value = (): RawValue => {
    skip();
    const start = at;
    if (json[at] === '{') {
      const members: [string, RawValue][] = [];
      items('}', () => {
        skip();
        const name = JSON.parse(string()) as string;
        skip();
        at += 1;
        members.push([name, value()]);
      });
      return { text: json.slice(start, at), members };
    }
    if (json[at] === '[') {
      const elements: RawValue[] = [];
      items(']', () => void elements.push(value()));
      return { text: json.slice(start, at), elements };
    }
    if (json[at] === '"') return { text: string() };
    while (at < json.length && !/[,\]} \t\r\n]/.test(json[at]!)) at += 1;
    return { text: json.slice(start, at) };
  };
  return value();
}

/** The last member of a name, as a parser would have it. */
export function memberOf({ members = [] }: RawValue, name: string): RawValue | undefined {
  return members.findLast(([each]) => each === name)?.[1];
}

/** The value at a path, in which `*` is the first element of an array. */
export function valueAt(value: RawValue | undefined, path: string): RawValue | undefined {
  return path
    .split('.')
    .reduce<RawValue | undefined>(
      (found, step) => found && (step === '*' ? found.elements?.[0] : memberOf(found, step)),
      value,
    );
}
