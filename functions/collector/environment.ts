import { en } from 'zod/locales';
import * as z from 'zod/mini';
import { RelayError } from '../relay-error.ts';
import { type CollectorEnvironment, collectorEnvironment } from './contract.ts';

// The mini build brings no messages of its own.
z.config(en());

/**
 * Reads the function's environment: the one place where `process.env` is read.
 *
 * @throws {RelayError} `BadEnvironment`, naming every variable that is missing or wrong, never its value
 */
export function readEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
): CollectorEnvironment {
  const parsed = collectorEnvironment.safeParse(variables);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new RelayError('BadEnvironment', `The function's environment is not usable: ${problems.join('; ')}`);
}
