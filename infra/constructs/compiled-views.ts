import type * as iam from 'aws-cdk-lib/aws-iam';
import { bundledViewsFile } from '../../functions/collector/contract.ts';
import { lineViewOf } from '../config/line-views.ts';
import type { Stage } from '../config/settings.ts';
import type { Stream } from '../config/stream-settings.ts';
import type { View } from '../config/view-settings.ts';
import { mayReadSecret } from '../destinations/delivery-secret.ts';
import type { BundledFile } from './make-bundle.ts';

/**
 * The file of what a stage's lines are made by, that goes with the collector's code, since an environment holds 4 KB; none
 * where no destination has a view or a shape.
 */
export function compiledViews({ views, streams }: Pick<Stage, 'views' | 'streams'>): readonly BundledFile[] {
  const all = streams.flatMap(({ type, destinations }) =>
    destinations.flatMap((each) => {
      const view = lineViewOf(each, { type, views });
      return view === undefined ? [] : [[view.label, view.compiled] as const];
    }),
  );
  if (all.length === 0) return [];
  const compiled = Object.fromEntries(all.toSorted(([one], [other]) => (one < other ? -1 : 1)));
  return [{ path: bundledViewsFile, contents: Buffer.from(JSON.stringify(compiled)) }];
}

/** The statements that a collector needs to read the keys of its own destinations' views. */
export function readViewKeys(
  { views }: Pick<Stage, 'views'>,
  { destinations }: Pick<Stream, 'destinations'>,
): readonly iam.PolicyStatement[] {
  const keys = new Map<string, View>();
  for (const { view } of destinations) {
    const read = view === undefined ? undefined : views[view];
    if (read?.key !== undefined) keys.set(read.key, read);
  }
  return [...keys].flatMap(([secret, { secretKey }]) => mayReadSecret({ secret, secretKey }));
}
