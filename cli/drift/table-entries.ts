import type { EventType } from '../../functions/collector/contract.ts';
import type { UnknownName } from '../../functions/stored/unknown-names.ts';

/** A line for a file of the table of documented names, and the list in the file that the line belongs to. */
export interface TableEntry {
  readonly file: string;
  readonly list: string;
  readonly line: string;
}

/**
 * The lines to add to the table for a name, in a clone.
 *
 * An activity begins as a step, which is in no class of any schema: its class is for whoever knows what it means.
 */
export function tableEntries(type: EventType, { kind, name }: UnknownName): readonly TableEntry[] {
  const quoted = `'${name}'`;
  const members = 'content/mapping/known-members.ts';
  if (kind === 'member') return [{ file: members, list: 'knownMembers', line: `${quoted},` }];
  if (kind === 'parameter') return [{ file: members, list: `knownParameters.${type}`, line: `${quoted},` }];
  // The table has an administrator's activities by the portal's spelling, and makes the one on the wire of it.
  const key = type === 'admin' ? name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase()) : name;
  if (type === 'risk')
    return [
      {
        file: 'content/mapping/mapping-of.ts',
        list: 'mappingRows',
        line: `...rowsOf('risk', { ${entryOf(key)} }),`,
      },
    ];
  return [
    {
      file: 'infra/config/documented-names.ts',
      list: `${type[0]!.toUpperCase()}${type.slice(1)}Activity`,
      line: `| '${key}'`,
    },
    { file: `content/mapping/${type}-activities.ts`, list: `${type}Activities`, line: `${entryOf(key)},` },
  ];
}

/** `new_thing: step('New thing')` */
function entryOf(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[-_.]+/g, ' ')
    .trim()
    .toLowerCase();
  const says = `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  return `${/^[A-Za-z_]\w*$/.test(name) && name !== '__proto__' ? name : `'${name}'`}: step('${says}')`;
}
