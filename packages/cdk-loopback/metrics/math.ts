import type { MathNode, Operator } from './math-syntax.ts';
import type { Axis, Series } from './series.ts';

/** The result of an expression: one number, one series, or several of them. */
export type MathValue =
  | { readonly kind: 'scalar'; readonly value: number | undefined }
  | { readonly kind: 'series'; readonly series: Series }
  | { readonly kind: 'several'; readonly several: readonly Series[] };

export interface MathScope {
  readonly axis: Axis;
  /** Finds the series that an id stands for. @throws if there is no such id */
  value(id: string): MathValue;
  /** The series of every metric, not of expressions, whose id has this in it. */
  metrics(part: string): readonly Series[];
}

/**
 * Evaluates metric math.
 *
 * @throws naming a function that is not known here
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function evaluateMath(node: MathNode, scope: MathScope): MathValue {
  switch (node.kind) {
    case 'number':
      return { kind: 'scalar', value: node.value };
    case 'name':
      return scope.value(node.name);
    case 'list':
      return several(node.items.flatMap((item) => seriesOf(evaluateMath(item, scope), scope)));
    case 'negate':
      return each(evaluateMath(node.operand, scope), (value) => -value);
    case 'binary':
      return operate(node, scope);
    case 'call':
      return call(node, scope);
    case 'text':
      throw new Error(`"${node.value}" stands where a number should`);
  }
}

const flag = (claim: boolean): number => (claim ? 1 : 0);

type BinaryNode = Extract<MathNode, { kind: 'binary' }>;

/** Undefined: no datum, which is what dividing by zero gives too. */
const operators: Readonly<Record<Operator, (a: number, b: number) => number | undefined>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? undefined : a / b),
  '^': (a, b) => a ** b,
  '==': (a, b) => flag(a === b),
  '!=': (a, b) => flag(a !== b),
  '<': (a, b) => flag(a < b),
  '>': (a, b) => flag(a > b),
  '<=': (a, b) => flag(a <= b),
  '>=': (a, b) => flag(a >= b),
  AND: (a, b) => flag(a !== 0 && b !== 0),
  OR: (a, b) => flag(a !== 0 || b !== 0),
};

const reducers: Readonly<Record<string, (values: readonly number[]) => number>> = {
  SUM: (values) => values.reduce((sum, value) => sum + value, 0),
  AVG: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  MIN: (values) => Math.min(...values),
  MAX: (values) => Math.max(...values),
};

const mappers: Readonly<Record<string, (value: number) => number>> = {
  ABS: Math.abs,
  CEIL: Math.ceil,
  FLOOR: Math.floor,
};

function call({ name, args }: Extract<MathNode, { kind: 'call' }>, scope: MathScope): MathValue {
  const values = () => args.map((arg) => evaluateMath(arg, scope));
  const only = () => values()[0]!;
  const needs = (least: number, most = least) => {
    if (args.length < least || args.length > most)
      throw new Error(
        `${name} takes ${least === most ? least : `${least} to ${most}`} arguments, not ${args.length}`,
      );
  };
  const reducer = Object.hasOwn(reducers, name) ? reducers[name] : undefined;
  if (reducer !== undefined) {
    needs(1);
    return reduce(only(), reducer);
  }
  const mapper = Object.hasOwn(mappers, name) ? mappers[name] : undefined;
  if (mapper !== undefined) {
    needs(1);
    return each(only(), mapper);
  }
  switch (name) {
    case 'METRICS': {
      needs(0, 1);
      const [part] = args;
      if (part !== undefined && part.kind !== 'text') throw new Error('METRICS takes a text');
      return several(scope.metrics(part?.value ?? ''));
    }
    case 'IF': {
      needs(2, 3);
      return choose(values());
    }
    case 'FILL':
      needs(2);
      return fill(args, scope);
    case 'RATE':
      needs(1);
      return overSeries(only(), (series) =>
        differences(series).map((value) => value && value / seconds(scope)),
      );
    case 'DIFF':
      needs(1);
      return overSeries(only(), differences);
    case 'RUNNING_SUM':
      needs(1);
      return overSeries(only(), runningSum);
    case 'PERIOD':
      needs(1);
      return { kind: 'scalar', value: seconds(scope) };
    case 'TIME_SERIES':
      needs(1);
      return { kind: 'series', series: seriesOf(only(), scope)[0] ?? [] };
    default:
      throw new Error(`the local CloudWatch does not know the function ${name}`);
  }
}

function seconds({ axis }: MathScope): number {
  return axis.periodMs / 1000;
}

/** Of several series one, period by period; of one series a number. Missing values do not count. */
function reduce(value: MathValue, reducer: (values: readonly number[]) => number): MathValue {
  const reduced = (values: Series) => {
    const present = values.filter((one) => one !== undefined);
    return present.length === 0 ? undefined : reducer(present);
  };
  if (value.kind === 'scalar') return value;
  if (value.kind === 'series') return { kind: 'scalar', value: reduced(value.series) };
  const length = Math.max(0, ...value.several.map((series) => series.length));
  const series = Array.from({ length }, (_, index) => reduced(value.several.map((one) => one[index])));
  return { kind: 'series', series };
}

/** Between two series a missing value is 0, unless both have none; between a series and a number it stays missing. */
function operate({ operator, left, right }: BinaryNode, scope: MathScope): MathValue {
  const sides = [evaluateMath(left, scope), evaluateMath(right, scope)];
  const work = ([a, b]: Series) => ((a ?? b) === undefined ? undefined : operators[operator](a ?? 0, b ?? 0));
  return combine(sides, work, { strict: sides.some(({ kind }) => kind === 'scalar') ? 2 : 0 });
}

/** A missing condition gives no datum, and so does a missing third argument; a missing second one is 0. */
function choose([condition, yes, no]: readonly MathValue[]): MathValue {
  const chosen = [condition!, yes!, no ?? ({ kind: 'scalar', value: undefined } as const)];
  return combine(chosen, ([claim, a, b]) => (claim !== 0 ? (a ?? 0) : b), { strict: 1 });
}

function fill([target, filling]: readonly MathNode[], scope: MathScope): MathValue {
  const value = evaluateMath(target!, scope);
  if (filling!.kind === 'name' && filling!.name === 'REPEAT') return overSeries(value, repeat);
  if (filling!.kind === 'name' && filling!.name === 'LINEAR')
    throw new Error('the local CloudWatch does not know FILL with LINEAR');
  const filler = evaluateMath(filling!, scope);
  const fillOne = (series: Series): Series => {
    const [other = []] = seriesOf(filler, scope);
    return series.map((one, index) => one ?? other[index]);
  };
  return overSeries(value, fillOne);
}

function repeat(series: Series): Series {
  let last: number | undefined;
  return series.map((value) => {
    last = value ?? last;
    return last;
  });
}

function differences(series: Series): Series {
  return series.map((value, index) => {
    const before = series[index - 1];
    return value === undefined || before === undefined ? undefined : value - before;
  });
}

function runningSum(series: Series): Series {
  let sum = 0;
  return series.map((value) => {
    sum += value ?? 0;
    return sum;
  });
}

function overSeries(value: MathValue, map: (series: Series) => Series): MathValue {
  if (value.kind === 'scalar') throw new Error('a number stands where a series should');
  if (value.kind === 'series') return { kind: 'series', series: map(value.series) };
  return several(value.several.map(map));
}

function each(value: MathValue, map: (value: number) => number): MathValue {
  return combine([value], ([one]) => map(one!));
}

/**
 * Works period by period; a number counts as the same in each, and one list of series takes each of its own.
 *
 * @param strict so many operands, from the first, without which there is no result; all, when absent
 */
function combine(
  operands: readonly MathValue[],
  work: (values: Series) => number | undefined,
  { strict = operands.length }: { readonly strict?: number } = {},
): MathValue {
  const at = (values: Series) => (values.slice(0, strict).includes(undefined) ? undefined : work(values));
  const lists = operands.filter((operand) => operand.kind === 'several');
  const [list] = lists;
  if (lists.length > 1) throw new Error('the local CloudWatch does not combine two lists of series');
  if (list !== undefined) {
    return several(
      list.several.map((series) => {
        const single = operands.map((one) => (one === list ? ({ kind: 'series', series } as const) : one));
        const result = combine(single, work, { strict });
        return result.kind === 'series' ? result.series : [];
      }),
    );
  }
  const long = operands.find((operand) => operand.kind === 'series');
  const pick = (operand: MathValue, index: number) =>
    operand.kind === 'series' ? operand.series[index] : operand.kind === 'scalar' ? operand.value : undefined;
  if (long === undefined) return { kind: 'scalar', value: at(operands.map((operand) => pick(operand, 0))) };
  return {
    kind: 'series',
    series: long.series.map((_, index) => at(operands.map((operand) => pick(operand, index)))),
  };
}

/** A number becomes a series that has it in every period. */
export function seriesOf(value: MathValue, { axis }: Pick<MathScope, 'axis'>): readonly Series[] {
  if (value.kind === 'several') return value.several;
  if (value.kind === 'series') return [value.series];
  return [Array.from({ length: axis.count }, () => value.value)];
}

function several(all: readonly Series[]): MathValue {
  return { kind: 'several', several: all };
}
