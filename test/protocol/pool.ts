/**
 * Keeps one object for all equal values, so that what can follow from a value is worked out once, and gives each a
 * short name: a state is then named by the names of its parts.
 */
export class Pool<Value extends object> {
  readonly #byKey = new Map<string, Value>();
  readonly #ones = new WeakMap<Value, Value>();
  readonly #names = new WeakMap<Value, Names>();
  readonly #numbers = new Map<string, number>();
  readonly #mirror: (value: Value) => Value;

  /** @param mirror the value with its two destinations exchanged */
  constructor(mirror: (value: Value) => Value) {
    this.#mirror = mirror;
  }

  /** The object that stands for all that are equal to `value`. */
  readonly one = (value: Value): Value => {
    const seen = this.#ones.get(value);
    if (seen !== undefined) return seen;
    const key = JSON.stringify(value);
    const known = this.#byKey.get(key);
    this.#ones.set(value, known ?? value);
    if (known !== undefined) return known;
    this.#byKey.set(key, value);
    this.#names.set(value, {
      asIs: this.#number(key),
      mirrored: this.#number(JSON.stringify(this.#mirror(value))),
    });
    return value;
  };

  /** The names of a value that `one` has returned. */
  names(value: Value): Names {
    return this.#names.get(value)!;
  }

  #number(key: string): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}

export interface Names {
  readonly asIs: number;
  readonly mirrored: number;
}

/** A function that works out each answer once. */
export function remember<Key extends object, Answer>(work: (key: Key) => Answer): (key: Key) => Answer {
  const answers = new WeakMap<Key, { readonly answer: Answer }>();
  return (key) => {
    const known = answers.get(key);
    if (known !== undefined) return known.answer;
    const answer = work(key);
    answers.set(key, { answer });
    return answer;
  };
}
