import type { Values } from '../../cli/arguments/flag.ts';
import { WrongUse } from '../../cli/arguments/wrong-use.ts';
import { apiUrl } from '../../cli/trial/api-url.ts';
import type { tryProgram } from '../../cli/trial/try-program.ts';
import type { ApiCommand } from './options.ts';

/**
 * Reads the command out of the flags of `relay try`.
 *
 * @throws {WrongUse} for an address that is none
 */
export function trialOf(
  given: Values<(typeof tryProgram)['flags']>,
  address: string,
  stage: string,
): ApiCommand {
  const { types, settings, out, json, stream, yes, owned } = given;
  return {
    kind: 'api',
    ...{ types, stage, out, json, yes, owned, url: readAddress(address), forMs: given.for },
    ...(settings === undefined ? {} : { settings }),
    ...(stream === undefined ? {} : { stream }),
  };
}

function readAddress(text: string): string {
  try {
    return apiUrl.read(text);
  } catch (error) {
    if (error instanceof WrongUse) throw new WrongUse(`URL ${error.message}`);
    throw error;
  }
}
