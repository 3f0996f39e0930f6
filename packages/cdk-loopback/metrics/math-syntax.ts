/** Metric math as a tree. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html */
export type MathNode =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly MathNode[] }
  | { readonly kind: 'list'; readonly items: readonly MathNode[] }
  | { readonly kind: 'negate'; readonly operand: MathNode }
  | {
      readonly kind: 'binary';
      readonly operator: Operator;
      readonly left: MathNode;
      readonly right: MathNode;
    };

export type Operator = '+' | '-' | '*' | '/' | '^' | '==' | '!=' | '<' | '>' | '<=' | '>=' | 'AND' | 'OR';

/** @throws naming the place where the expression stops being metric math that is known here */
export function parseMath(text: string): MathNode {
  const tokens = tokenize(text);
  let at = 0;
  const peek = () => tokens[at];
  const take = (wanted?: string): string => {
    const token = tokens[at++];
    if (token === undefined || (wanted !== undefined && token !== wanted))
      throw new Error(`${text}: expected ${wanted ?? 'more'}, found ${token ?? 'the end'}`);
    return token;
  };
  const binary = (level: number): MathNode => {
    const operators = levels[level];
    if (operators === undefined) return unary();
    let left = binary(level + 1);
    for (let operator = operators[peek() ?? '']; operator !== undefined; operator = operators[peek() ?? '']) {
      take();
      left = { kind: 'binary', operator, left, right: binary(level + 1) };
    }
    return left;
  };
  const unary = (): MathNode => {
    if (peek() !== '-') return power();
    take();
    return { kind: 'negate', operand: unary() };
  };
  const power = (): MathNode => {
    const left = primary();
    if (peek() !== '^') return left;
    take();
    return { kind: 'binary', operator: '^', left, right: unary() };
  };
  const until = (end: string): readonly MathNode[] => {
    const items: MathNode[] = [];
    while (peek() !== end) {
      if (items.length > 0) take(',');
      items.push(binary(0));
    }
    take(end);
    return items;
  };
  const primary = (): MathNode => {
    const token = take();
    if (token === '(') {
      const inner = binary(0);
      take(')');
      return inner;
    }
    if (token === '[') return { kind: 'list', items: until(']') };
    if (/^[\d.]/.test(token)) return { kind: 'number', value: Number(token) };
    if (/^["']/.test(token)) return { kind: 'text', value: token.slice(1, -1) };
    if (!/^\w/.test(token)) throw new Error(`${text}: ${token} stands where a value should`);
    if (peek() !== '(') return { kind: 'name', name: token };
    take('(');
    return { kind: 'call', name: token, args: until(')') };
  };
  const tree = binary(0);
  if (at < tokens.length) throw new Error(`${text}: ${tokens[at]} is one too many`);
  return tree;
}

/** Weakest first. */
const levels: readonly Readonly<Record<string, Operator>>[] = [
  { OR: 'OR', '||': 'OR' },
  { AND: 'AND', '&&': 'AND' },
  { '==': '==', '!=': '!=', '<': '<', '>': '>', '<=': '<=', '>=': '>=' },
  { '+': '+', '-': '-' },
  { '*': '*', '/': '/' },
];

function tokenize(text: string): readonly string[] {
  const pattern =
    /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+|\w+|"[^"]*"|'[^']*'|==|!=|<=|>=|&&|\|\||[-+*/^<>()[\],])|(\S))/gy;
  const tokens: string[] = [];
  for (const [, token, unknown] of text.matchAll(pattern)) {
    if (unknown !== undefined) throw new Error(`${text}: the local CloudWatch does not know ${unknown}`);
    if (token !== undefined) tokens.push(token);
  }
  return tokens;
}
