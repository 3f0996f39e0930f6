import type { CompiledView } from '../../functions/stored/compiled-view.ts';
import type { Destination, NamedDestination } from '../destinations/destination-kind.ts';
import type { CheckedPart } from './problems.ts';
import { sameRegion } from './same-region.ts';
import { lostToShape } from './shape-checks.ts';
import type { ReadStream } from './stream-settings.ts';
import type { View } from './view-settings.ts';

/**
 * Checks a stage's views against the destinations that name them.
 *
 * @param written the names of all views in the file, also of those that were refused
 */
export function viewProblems(
  views: Readonly<Record<string, View>>,
  {
    written,
    streams,
    region,
  }: {
    readonly written: readonly string[];
    readonly streams: readonly ReadStream[];
    readonly region: string | undefined;
  },
  { path, problems }: CheckedPart,
): void {
  const named = streams.flatMap(({ destinations = [], type }, index) =>
    destinations.flatMap((destination) =>
      destination.view === undefined ? [] : [{ index, destination, view: destination.view, type }],
    ),
  );
  for (const { index, destination, view, type } of named) {
    const at = `${path}.streams[${index}].destinations '${destination.name}'.view`;
    if (!written.includes(view)) {
      const known = written.length === 0 ? 'there is none' : `there are ${written.join(', ')}`;
      problems.add(at, `'${view}' is no view of the stage; ${known}`);
      continue;
    }
    const read = views[view];
    if (read === undefined || read.allowLoss || !isRead(destination)) continue;
    for (const member of neededBy(destination).filter((each) => !leaves(read.compiled, each)))
      problems.add(
        at,
        `'${view}' changes or removes '${member}', which ${destination.kind} needs; keep it, or give the view allowLoss: true`,
      );
    if (destination.shape === undefined || type === undefined) continue;
    for (const lost of lostToShape(read.compiled, destination.shape, type))
      problems.add(
        `${path}.streams[${index}].destinations '${destination.name}'.shape`,
        `view '${view}' ${lost}; keep it, take shape out, or give the view allowLoss: true`,
      );
  }
  for (const name of written.filter((each) => named.every(({ view }) => view !== each)))
    problems.add(`${path}.views.${name}`, 'is named by no destination; name it, or take it out');
  for (const { name, key, secretKey } of Object.values(views)) {
    for (const [setting, arn] of Object.entries({ key, secretKey }))
      if (arn !== undefined) sameRegion(arn, region, { path: `${path}.views.${name}.${setting}`, problems });
  }
}

function isRead(destination: Destination | NamedDestination): destination is Destination {
  return 'collector' in destination;
}

function neededBy({ needs, collector }: Destination): readonly string[] {
  return needs ?? (collector.ages === undefined ? [] : ['timestamp']);
}

/** True where a top-level member stays as it was sent. */
function leaves({ members, otherMembers }: CompiledView, member: string): boolean {
  const ruleOf = (step: string) => members.find(({ path }) => path.length === 1 && path[0] === step);
  const rule = ruleOf(member) ?? ruleOf('*');
  return rule === undefined ? otherMembers === 'keep' : rule.action === 'keep';
}
