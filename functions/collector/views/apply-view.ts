import { type CompiledView, memberDepth } from '../../stored/compiled-view.ts';
import { cutAlone } from './cut-alone.ts';
import type { ViewKey } from './view-key.ts';
import { type Seen, ViewWriter } from './view-writer.ts';

/**
 * Makes what a destination may see of one event.
 *
 * @param event valid JSON
 * @param key absent where the view changes no member
 */
export function applyView(
  view: CompiledView,
  event: Uint8Array,
  key?: ViewKey,
): Uint8Array | Exclude<Seen, 'written'> {
  const cut = cutAlone(event, memberDepth(view));
  if (cut === undefined) return 'refused';
  const writer = new ViewWriter(view, key, event.length);
  const seen = writer.write(cut, 0);
  return seen === 'written' ? writer.target.subarray(0, writer.length) : seen;
}
