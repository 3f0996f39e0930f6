import { en } from 'zod/locales';
import * as z from 'zod/mini';
import { RelayError } from '../relay-error.ts';
import { type CollectorSettings, collectorEnvironment } from './contract.ts';

// Zod's mini build has no messages of its own.
z.config(en());

/**
 * Reads the function's settings out of its environment: the one place where `process.env` is read.
 *
 * @throws {RelayError} `BadEnvironment`, naming the path of every setting that is missing or wrong, such as
 * `SETTINGS.batchSize`, never its value; nothing has been collected then
 */
export function readSettings(variables: Readonly<Record<string, string | undefined>>): CollectorSettings {
  const parsed = collectorEnvironment.safeParse(variables);
  if (parsed.success) return parsed.data.SETTINGS;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new RelayError('BadEnvironment', `The function's environment is not usable: ${problems.join('; ')}`);
}
