import { RelayError } from '../../../relay-error.ts';
import type { LineFormat } from './line-format.ts';
import { createOpenSearchDocument } from './open-search-document.ts';
import { createRelayLine } from './relay-line.ts';
import { createSplunkEnvelope } from './splunk-envelope.ts';

/**
 * Creates a destination's line format.
 *
 * @param stage the name of the relay's stage, which every line carries
 * @throws {RelayError} `UnknownLineFormat`, naming the known formats, or the options that the format takes
 */
export function createLineFormat(
  name: string,
  stage: string,
  options: Readonly<Record<string, string>> = {},
): LineFormat {
  const known = Object.hasOwn(lineFormats, name) ? lineFormats[name] : undefined;
  if (known === undefined) {
    const names = Object.keys(lineFormats).join(', ');
    throw new RelayError('UnknownLineFormat', `there is no line format "${name}"; known are: ${names}`);
  }
  const unknown = Object.keys(options).find((option) => !known.options.includes(option));
  if (unknown !== undefined) {
    const takes = known.options.length === 0 ? 'takes no options' : `takes: ${known.options.join(', ')}`;
    throw new RelayError(
      'UnknownLineFormat',
      `line format "${name}" has no option "${unknown}"; it ${takes}`,
    );
  }
  return known.create(stage, options);
}

interface KnownFormat {
  readonly options: readonly string[];
  readonly create: (stage: string, options: Readonly<Record<string, string>>) => LineFormat;
}

const lineFormats: Readonly<Record<string, KnownFormat>> = {
  'relay-line': { options: [], create: createRelayLine },
  'open-search-document': { options: [], create: createOpenSearchDocument },
  'splunk-envelope': { options: ['host', 'source', 'sourcetype', 'index'], create: createSplunkEnvelope },
};
