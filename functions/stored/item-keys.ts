import { isKeptKey } from './kept-delivery.ts';
import { metaKey } from './meta-item.ts';
import { readOpenKey } from './open-item.ts';
import { runPrefix } from './run-item.ts';

/** True of a sort key that this version writes. */
export function isItemKey(item: string): boolean {
  return item === metaKey || readOpenKey(item) !== undefined || item.startsWith(runPrefix) || isKeptKey(item);
}
