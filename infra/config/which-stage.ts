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
