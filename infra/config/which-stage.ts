import { nearest } from './nearest.ts';

/**
 * Says that the settings have no such stage, and which they have.
 *
 * @param written settings by the name of their stage, unknown because nobody has checked them
 * @param file the settings as a message names them
 */
export function noSuchStage(name: unknown, written: unknown, file: string): string {
  const known = Object.keys(Object(written));
  const meant = nearest(String(name), known);
  const question = meant === undefined ? '' : `; did you mean ${meant}?`;
  return `stage '${String(name)}' is not in ${file}; the stages there are ${known.join(', ') || 'none'}${question}`;
}

/**
 * The stage of settings where nobody names one: the only stage that they have, else `dev`. Every program asks in one order: its
 * flag (`-c stage=` of `cdk`), the `stage` in the context of the nearest `cdk.json`, and then this.
 *
 * @param written settings by the name of their stage, unknown because nobody has checked them
 */
export function unnamedStage(written: unknown): string {
  const [only, ...others] = Object.keys(Object(written));
  return only === undefined || others.length > 0 ? 'dev' : only;
}
