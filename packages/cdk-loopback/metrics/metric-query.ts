import { evaluateMath, type MathScope, type MathValue, seriesOf } from './math.ts';
import { type MathNode, parseMath } from './math-syntax.ts';
import type { MetricIdentity, MetricStore, Unit } from './metric-store.ts';
import { type Axis, readSeries, type Series } from './series.ts';
import { readStatistic, type Statistic } from './statistic.ts';

/** One line of a widget, or one entry of an alarm's `Metrics`: a metric's statistic, or an expression of others. */
export type MetricQuery =
  | {
      readonly kind: 'metric';
      readonly id: string;
      readonly metric: MetricIdentity;
      readonly statistic: string;
      readonly unit?: Unit;
    }
  | { readonly kind: 'expression'; readonly id: string; readonly expression: string };

/** Queries that refer to one another, read once and asked often. */
export interface QuerySet {
  /** An expression may come to several series, and a number counts as one that never changes. */
  evaluate(id: string, store: MetricStore, axis: Axis): readonly Series[];
}

/** @throws naming what is not known, and an id that is there twice or not at all */
export function prepareQueries(queries: readonly MetricQuery[]): QuerySet {
  const prepared = new Map<string, Prepared>();
  for (const query of queries) {
    if (prepared.has(query.id)) throw new Error(`the id ${query.id} is given twice`);
    prepared.set(
      query.id,
      query.kind === 'metric'
        ? { ...query, statistic: readStatistic(query.statistic) }
        : { ...query, tree: parseMath(query.expression) },
    );
  }
  for (const query of prepared.values()) checkNames(query, prepared, []);
  return {
    evaluate: (id, store, axis) => {
      const known = new Map<string, MathValue>();
      const value = (wanted: string): MathValue => {
        const before = known.get(wanted);
        if (before !== undefined) return before;
        const query = prepared.get(wanted);
        if (query === undefined) throw new Error(`nothing has the id ${wanted}`);
        const result: MathValue =
          query.kind === 'metric'
            ? { kind: 'series', series: readSeries(store, query, axis) }
            : evaluateMath(query.tree, scope);
        known.set(wanted, result);
        return result;
      };
      const scope: MathScope = {
        axis,
        value,
        metrics: (part) =>
          [...prepared.values()]
            .filter((query) => query.kind === 'metric' && query.id.includes(part))
            .flatMap((query) => seriesOf(value(query.id), { axis })),
      };
      return seriesOf(value(id), { axis });
    },
  };
}

type Prepared =
  | {
      readonly kind: 'metric';
      readonly id: string;
      readonly metric: MetricIdentity;
      readonly statistic: Statistic;
      readonly unit?: Unit;
    }
  | { readonly kind: 'expression'; readonly id: string; readonly tree: MathNode };

function checkNames(query: Prepared, all: ReadonlyMap<string, Prepared>, above: readonly string[]): void {
  if (above.includes(query.id)) throw new Error(`the expression ${query.id} refers to itself`);
  if (query.kind === 'metric') return;
  for (const name of namesIn(query.tree)) {
    const other = all.get(name);
    if (other === undefined)
      throw new Error(`the expression ${query.id} names ${name}, which nothing has as its id`);
    checkNames(other, all, [...above, query.id]);
  }
}

function namesIn(node: MathNode): readonly string[] {
  switch (node.kind) {
    case 'name':
      return node.name === 'REPEAT' || node.name === 'LINEAR' ? [] : [node.name];
    case 'call':
      return node.args.flatMap(namesIn);
    case 'list':
      return node.items.flatMap(namesIn);
    case 'negate':
      return namesIn(node.operand);
    case 'binary':
      return [...namesIn(node.left), ...namesIn(node.right)];
    default:
      return [];
  }
}
