import { en } from 'zod/locales';
import * as z from 'zod/mini';
import { RelayError } from '../relay-error.ts';
import { type CopierEnvironment, copierEnvironment } from './contract.ts';

// Zod's mini build has no messages of its own.
z.config(en());

/** @throws {RelayError} `BadEnvironment`, naming every variable that is missing or wrong, never its value */
export function readEnvironment(values: Readonly<Record<string, string | undefined>>): CopierEnvironment {
  const parsed = copierEnvironment.safeParse(values);
  if (parsed.success) return parsed.data;
  const message = `The function's environment is wrong; deploy the stack again.\n${z.prettifyError(parsed.error)}`;
  throw new RelayError('BadEnvironment', message);
}
