import type { AlarmState } from './judge.ts';

/** The rule of a composite alarm, read. */
export interface AlarmRule {
  /** Names of the alarms that it asks about, each once. */
  readonly children: readonly string[];
  /** @param stateOf a child's state */
  holds(stateOf: (name: string) => AlarmState): boolean;
}

/** CloudWatch's limit of a rule. */
const mostChildren = 100;

/**
 * Reads a rule: `ALARM()`, `OK()` and `INSUFFICIENT_DATA()` of names or ARNs, `AND`, `OR`, `NOT`, `TRUE`, `FALSE`.
 *
 * @throws naming where the rule stops being one that is known here
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
export function readAlarmRule(text: string): AlarmRule {
  const tokens = tokenize(text);
  const children = new Set<string>();
  let at = 0;
  const take = (wanted: string) => {
    if (tokens[at] !== wanted) throw new Error(`expected ${wanted}, found ${tokens[at] ?? 'the end'}`);
    at++;
  };
  const either = (): Test => {
    const tests = [both()];
    while (tokens[at] === 'OR') {
      at++;
      tests.push(both());
    }
    return (stateOf) => tests.some((test) => test(stateOf));
  };
  const both = (): Test => {
    const tests = [not()];
    while (tokens[at] === 'AND') {
      at++;
      tests.push(not());
    }
    return (stateOf) => tests.every((test) => test(stateOf));
  };
  const not = (): Test => {
    if (tokens[at] !== 'NOT') return atom();
    at++;
    const inner = not();
    return (stateOf) => !inner(stateOf);
  };
  const atom = (): Test => {
    const token = tokens[at++];
    if (token === 'TRUE' || token === 'FALSE') return () => token === 'TRUE';
    if (token === '(') {
      const inner = either();
      take(')');
      return inner;
    }
    if (token !== 'ALARM' && token !== 'OK' && token !== 'INSUFFICIENT_DATA')
      throw new Error(`the local CloudWatch does not know ${token ?? 'an empty rule'}`);
    take('(');
    const name = nameOf(tokens[at++] ?? '');
    take(')');
    children.add(name);
    return (stateOf) => stateOf(name) === token;
  };
  const holds = either();
  if (at < tokens.length) throw new Error(`${tokens[at]} is one too many`);
  if (children.size > mostChildren)
    throw new Error(`${children.size} alarms in one rule; ${mostChildren} are allowed`);
  return { children: [...children], holds };
}

type Test = (stateOf: (name: string) => AlarmState) => boolean;

function tokenize(text: string): readonly string[] {
  return text.match(/"[^"]*"|[()]|[^\s()"]+/g) ?? [];
}

/** A name, quoted or not, or an ARN, which ends in the name. */
function nameOf(token: string): string {
  const text = token.replace(/^"|"$/g, '');
  if (text === '' || /^[()]$/.test(text)) throw new Error('an alarm has no name');
  return text.replace(/^arn:[^:]+:cloudwatch:[^:]*:\d*:alarm:/, '');
}
