/**
 * Visits every state that a model can reach, breadth first, so that the first counterexample is a shortest one.
 *
 * Safety is checked in each state as it is found. `stays` is checked on the whole graph afterwards: from every
 * state some state that satisfies it can still be reached.
 */
export function explore<State>(model: Model<State>): Exploration {
  const graph = new Graph<State>(model);
  for (let at = 0; at < graph.states.length; at += 1) {
    const broken = model.broken(graph.states[at]!);
    if (broken.length > 0) {
      return { visited: graph.states.length, counterexample: { broken, trace: graph.trace(at) } };
    }
    for (const step of model.steps(graph.states[at]!)) {
      graph.add(step, at);
    }
  }
  const stuck = graph.firstThatCannotReach(model.stays.reachable);
  return {
    visited: graph.states.length,
    counterexample:
      stuck === undefined ? undefined : { broken: [model.stays.name], trace: graph.trace(stuck) },
  };
}

export interface Model<State> {
  readonly initial: State;
  /** Every step that is possible in a state. */
  steps(state: State): readonly Step<State>[];
  /** Equal for states that need not be told apart. */
  key(state: State): string;
  /** The names of the invariants that do not hold. */
  broken(state: State): readonly string[];
  readonly stays: { readonly name: string; reachable(state: State): boolean };
}

export interface Step<State> {
  readonly says: string;
  readonly next: State;
}

export interface Exploration {
  readonly visited: number;
  readonly counterexample: Counterexample | undefined;
}

export interface Counterexample {
  /** The names of the invariants. */
  readonly broken: readonly string[];
  /** What happened, step by step, until it broke. */
  readonly trace: readonly string[];
}

/** The states found so far, numbered, with every step between them and the one by which each was found. */
class Graph<State> {
  readonly states: State[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #foundFrom: number[] = [];
  readonly #foundBy: string[] = [];
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  readonly #model: Model<State>;

  constructor(model: Model<State>) {
    this.#model = model;
    this.#number({ says: 'nothing has happened', next: model.initial }, -1);
  }

  add(step: Step<State>, from: number): void {
    this.#from.push(from);
    this.#to.push(this.#number(step, from));
  }

  trace(at: number): readonly string[] {
    const trace: string[] = [];
    for (let state = at; this.#foundFrom[state]! >= 0; state = this.#foundFrom[state]!) {
      trace.unshift(this.#foundBy[state]!);
    }
    return trace;
  }

  /** The first state found from which no state that satisfies `goal` can be reached. */
  firstThatCannotReach(goal: (state: State) => boolean): number | undefined {
    const before = this.#predecessors();
    const reaches = new Uint8Array(this.states.length);
    const open: number[] = [];
    const mark = (state: number) => {
      if (reaches[state] === 0) {
        reaches[state] = 1;
        open.push(state);
      }
    };
    this.states.forEach((state, number) => {
      if (goal(state)) mark(number);
    });
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      before.of(state).forEach(mark);
    }
    const stuck = reaches.indexOf(0);
    return stuck < 0 ? undefined : stuck;
  }

  #number(step: Step<State>, from: number): number {
    const key = this.#model.key(step.next);
    const known = this.#numbers.get(key);
    if (known !== undefined) {
      return known;
    }
    const number = this.states.length;
    this.#numbers.set(key, number);
    this.states.push(step.next);
    this.#foundFrom.push(from);
    this.#foundBy.push(step.says);
    return number;
  }

  /** The steps turned around, in one flat array: those into state s stand at starts[s]..starts[s + 1]. */
  #predecessors(): { of(state: number): Int32Array } {
    const starts = new Int32Array(this.states.length + 1);
    for (const to of this.#to) starts[to + 1]! += 1;
    for (let state = 0; state < this.states.length; state += 1) starts[state + 1]! += starts[state]!;
    const next = starts.slice();
    const sources = new Int32Array(this.#from.length);
    this.#to.forEach((to, step) => {
      sources[next[to]!++] = this.#from[step]!;
    });
    return { of: (state) => sources.subarray(starts[state]!, starts[state + 1]!) };
  }
}
