import type { Answers } from './answers.ts';
import type { DestinationChoice } from './destination-choice.ts';
import { destinationChoices } from './destination-choices.ts';

/**
 * The first stage of a project as its settings hold it, but for its streams' destinations: what was asked, and what must be
 * said. Values that nobody can guess are examples, by which a stage runs on this machine and is refused by a deploy.
 */
export function firstStage({ stage, region, types, every, environment }: Answers) {
  return {
    environment,
    secret: `mosaic-siem-relay/${stage}`,
    account: '111122223333',
    region,
    streams: types.map((type) => ({ name: type, id: `relay-${type}`, type, every })),
  };
}

/** Where each of its streams goes. */
export function firstDestinations({
  stage,
  region,
  to,
}: Pick<Answers, 'stage' | 'region' | 'to'>): readonly DestinationChoice['example'][] {
  return chosen(to).map(({ example }) => placed(example, { stage, region }));
}

/** The kinds that were chosen. */
export function chosen(to: readonly string[]): readonly DestinationChoice[] {
  return destinationChoices.filter(({ kind }) => to.includes(kind));
}

/** An example of the stage `prod` in eu-west-1, moved to another stage and region. */
function placed(
  example: DestinationChoice['example'],
  { stage, region }: { readonly stage: string; readonly region: string },
): DestinationChoice['example'] {
  return Object.fromEntries(
    Object.entries(example).map(([name, value]) => [
      name,
      value
        .replace(/^(arn:aws:[a-z]+:)eu-west-1:/, `$1${region}:`)
        .replace(':mosaic-siem-relay/prod/', `:mosaic-siem-relay/${stage}/`),
    ]),
  );
}
