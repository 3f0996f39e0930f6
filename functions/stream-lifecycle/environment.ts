import { en } from 'zod/locales';
import * as z from 'zod/mini';
import { RelayError } from '../relay-error.ts';
import { type LifecycleEnvironment, lifecycleEnvironment } from './contract.ts';

/** @throws {RelayError} `BadEnvironment`, naming every variable that is missing or wrong, never its value */
export function readEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
): LifecycleEnvironment {
  const parsed = lifecycleEnvironment.safeParse(variables);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new RelayError('BadEnvironment', `The function's environment is not usable: ${problems.join('; ')}`);
}
z.config(en());
