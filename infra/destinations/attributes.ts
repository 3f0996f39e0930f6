import { z } from 'zod';
import { shown } from '../config/fields.ts';

/**
 * Firehose's common attributes: at most 50, names up to 256 characters, values up to 1,024. Firehose sends them in an HTTP
 * header, where characters outside ASCII were seen to arrive as invalid UTF-8.
 */
export const attributesField = z
  .custom<Readonly<Record<string, string>>>(isAttributes, {
    error: ({ input }) =>
      `${shown(input)} will not do; give an object of up to 50 texts, names up to 256 characters and values up to 1024, of printable ASCII alone, because they travel in an HTTP header`,
  })
  .default({});

function isAttributes(input: unknown): boolean {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return false;
  const entries = Object.entries(input);
  return entries.length <= 50 && entries.every(([name, value]) => within(name, 256) && within(value, 1024));
}

function within(value: unknown, longest: number): boolean {
  return typeof value === 'string' && /^[ -~]+$/.test(value) && value.length <= longest;
}
