import { type EventType, eventTypes } from '../../functions/collector/contract.ts';
import { nearest } from '../../infra/config/nearest.ts';
import { regions } from '../../infra/config/regions.ts';
import { readEvery } from '../../infra/config/schedule-expression.ts';
import { stageFields, stageName } from '../../infra/config/settings.ts';
import type { Flag } from '../arguments/flag.ts';
import { type Form, listOf, notA, WrongValue } from '../arguments/forms.ts';
import { shown } from '../arguments/wrong-use.ts';
import { destinationChoices } from './destination-choices.ts';

/** All answers that `relay init` asks for, and makes a project from. */
export interface Answers {
  readonly stage: string;
  readonly region: string;
  readonly types: readonly EventType[];
  /** As the settings write it: `5 minutes`. */
  readonly every: string;
  /** Kinds of destination. Each stream gets all of them. */
  readonly to: readonly string[];
  /** A name of Mosaic's, or a base URL. */
  readonly environment: string;
}

/** The answers where nobody is asked, as they would be typed: one stream, to S3. */
export const defaults = {
  stage: 'dev',
  region: 'us-east-1',
  types: 'cis',
  every: '5 minutes',
  to: 's3',
  environment: 'sandbox',
} as const satisfies Record<keyof Answers, string>;

const stage: Form<string> = {
  read(text) {
    const read = stageName.safeParse(text);
    if (read.success) return text;
    throw new WrongValue(read.error.issues[0]!.message);
  },
};

const region: Form<string> = {
  choices: regions,
  read(text) {
    if (regions.includes(text)) return text;
    const meant = nearest(text, regions);
    throw notA(
      `a region of AWS that this release knows${meant === undefined ? ', such as eu-west-1' : `; did you mean ${meant}?`}`,
      text,
    );
  },
};

const every: Form<string> = {
  read(text) {
    const written = spelledOut(text);
    const seconds = readEvery(written);
    if (typeof seconds !== 'number') throw new WrongValue(seconds.problem);
    if (seconds <= longestPeriodSeconds) return written;
    throw new WrongValue(
      `"${shown(text)}" is above 3 days, beyond which an alarm has to be turned off by hand`,
    );
  },
};

/** `5m`, `1h` and `1d` are taken as well. */
function spelledOut(text: string): string {
  const [, digits, unit] = /^([1-9]\d{0,4}) ?([mhd])$/.exec(text) ?? [];
  if (digits === undefined) return text;
  const word = { m: 'minute', h: 'hour', d: 'day' }[unit as 'm' | 'h' | 'd'];
  return `${digits} ${word}${digits === '1' ? '' : 's'}`;
}

/** A stream that is collected less often needs `alarms.quiet`: CloudWatch looks back 7 days at most. */
const longestPeriodSeconds = 3 * 86_400;

export const kinds = destinationChoices.map(({ kind }) => kind);

const to: Form<readonly string[]> = {
  ...listOf(kinds),
  read(text) {
    const several = listOf(kinds).read(text);
    if (several.length <= mostDestinations) return several;
    throw new WrongValue(
      `"${shown(text)}" are more than ${mostDestinations}, which is all that a stream takes`,
    );
  },
};

const mostDestinations = 8;

const environment: Form<string> = {
  read(text) {
    const read = stageFields.environment.safeParse(text);
    if (read.success) return text;
    throw new WrongValue(read.error.issues[0]!.message);
  },
};

export const environments = ['sandbox', 'us', 'eu', 'ca', 'au'] as const;

/** A flag for each answer. */
export const answerFlags = {
  stage: { value: 'NAME', form: stage, text: `the name of the stage; ${defaults.stage} with --yes` },
  region: { value: 'REGION', form: region, text: `its region; ${defaults.region} with --yes` },
  types: {
    value: 'A,B',
    form: listOf(eventTypes),
    text: `the types of events, of ${eventTypes.join(', ')}: a stream for each; ${defaults.types} with --yes`,
  },
  every: {
    value: 'TIME',
    form: every,
    text: `the time between two collections, such as '5 minutes' or 1h; ${defaults.every} with --yes`,
  },
  to: {
    value: 'A,B',
    form: to,
    text: `the kinds of destination that every stream goes to, of ${kinds.join(', ')}; ${defaults.to} with --yes`,
  },
  environment: {
    value: 'NAME',
    form: environment,
    text: `Mosaic's environment of the tenant: ${environments.join(', ')} or a base URL; ${defaults.environment} with --yes`,
  },
} as const satisfies Record<keyof Answers, Flag & { readonly form: Form<unknown> }>;
