import { compileShape } from '../../content/mapping/ocsf.ts';
import { type CompiledView, compileView, viewLabel } from '../../functions/stored/compiled-view.ts';
import type { Destination } from '../destinations/destination-kind.ts';
import type { Stage } from './settings.ts';
import type { Stream } from './stream-settings.ts';

/** What the lines of a destination are made by, and what each of them says of it. */
export interface LineView {
  readonly label: string;
  readonly compiled: CompiledView;
}

/** The view of a destination with its shape, or either alone; undefined where lines are the events as they came. */
export function lineViewOf(
  { view: name, shape }: Pick<Destination, 'view' | 'shape'>,
  { type, views }: Pick<Stream, 'type'> & Pick<Stage, 'views'>,
): LineView | undefined {
  const view = name === undefined ? undefined : views[name];
  if (view === undefined && shape === undefined) return undefined;
  const compiled = {
    ...(view?.compiled ?? compileView({})),
    ...(shape && { shape: compileShape(shape.name, type, shape) }),
  };
  return { label: viewLabel(view?.name ?? shape!.name, compiled), compiled };
}
