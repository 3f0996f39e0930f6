import { en } from 'zod/locales';
import * as z from 'zod/mini';
import { RelayError } from './relay-error.ts';

// Zod's mini build has no messages of its own.
z.config(en());

/**
 * Reads a function's environment by the schema of its contract.
 *
 * @throws {RelayError} `BadEnvironment`, naming the path of every variable or setting that is missing or wrong, such as
 * `SETTINGS.batchSize`, never its value; the function has done nothing then
 */
export function readEnvironment<Schema extends z.core.$ZodType>(
  schema: Schema,
  variables: Readonly<Record<string, string | undefined>>,
): z.output<Schema> {
  const parsed = z.safeParse(schema, variables);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new RelayError('BadEnvironment', `The function's environment is not usable: ${problems.join('; ')}`);
}
