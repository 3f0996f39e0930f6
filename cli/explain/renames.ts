import type { Change, Level } from './change.ts';

/** A stream that goes while another of its type comes: it may be the same one under another name. */
export interface Rename {
  readonly goes: Change;
  readonly comes: Change;
  /** True where both have one id: then it is the same stream, which the new name goes on reading. */
  readonly sameId: boolean;
  readonly level: Level;
  readonly says: string;
}

/** Pairs streams of one type that go and come, first of all those of one id. */
export function renamesIn(changes: readonly Change[]): readonly Rename[] {
  const streams = changes.filter(({ type }) => type === 'Custom::MosaicStream');
  const comes = streams.filter(({ action }) => action === 'added');
  return streams
    .filter(({ action }) => action === 'removed')
    .flatMap((one) => {
      const { StreamName: was, StreamType: type, StreamId: id } = propertiesOf(one);
      const others = comes.filter((other) => propertiesOf(other).StreamType === type);
      const same = others.find((other) => propertiesOf(other).StreamId === id);
      const other = same ?? others[0];
      if (other === undefined || type === undefined) return [];
      const { StreamName: is } = propertiesOf(other);
      const says =
        same === undefined
          ? `stream ${was} goes while ${is}, of the same type, comes. If that is the same stream, give it was: '${was}' in the settings: its journal and its progress stay behind otherwise`
          : `stream ${was} is called ${is}, by the same id: no event is missed, because ${is} reads on where ${was} stopped. But journal, progress and delivery streams of ${was} stay behind, and the deploy is refused while batches of it are undelivered. was: '${was}' in the settings goes on with all of these, and nothing moves`;
      return [{ goes: one, comes: other, sameId: same !== undefined, level: 'data', says } as const];
    });
}

/** Says that a stream is called by a new name, which its `was` ties to the old one; undefined for any other change. */
export function newLabel({ type, before, after }: Change): { name: string; says: string } | undefined {
  if (type !== 'AWS::Lambda::Function' || before === undefined || after === undefined) return undefined;
  const [was, is] = [before, after].map((each) => textIn(each, 'label'));
  const name = textIn(after, 'name');
  if (name === undefined || was === is) return undefined;
  return {
    name,
    says: `texts and commands call it ${is ?? name} from now on. It goes on with its journal, its progress and its delivery streams: nothing moves, and every name on AWS stays`,
  };
}

/** The first member of that name in a collector's settings, which stand before those of its destinations. */
function textIn({ Properties }: NonNullable<Change['before']>, member: string): string | undefined {
  const { Environment } = Object(Properties) as {
    readonly Environment?: { readonly Variables?: { readonly SETTINGS?: unknown } };
  };
  // Of a text with parts that a deploy fills in, the quotes are escaped.
  const settings = JSON.stringify(Environment?.Variables?.SETTINGS ?? '').split('destinations')[0]!;
  return new RegExp(`\\\\"${member}\\\\":\\\\"([^"\\\\]+)`).exec(settings)?.[1];
}

function propertiesOf({ before, after }: Change): Readonly<Record<string, unknown>> {
  return (after ?? before)?.Properties ?? {};
}
