import { versionMetadata } from '../../infra/config/relay-version.ts';
import type { Template } from '../explain/template-file.ts';

/**
 * The version that wrote a template. Those up to 0.2.0 did not say; they are told by what was added after each. The
 * sources between two releases count as the later one.
 */
export function versionOf({ Metadata = {}, Resources }: Template): string | undefined {
  const said = Metadata[versionMetadata];
  if (typeof said === 'string') return said;
  const collectors = Object.values(Resources).flatMap(({ Type, Properties }) =>
    Type === 'AWS::Lambda::Function' ? Object.keys(variablesOf(Properties)) : [],
  );
  if (collectors.includes('DESTINATIONS')) return '0.1.0';
  return collectors.includes('SETTINGS') ? '0.2.0' : undefined;
}

/** True for a template that says its version, which releases do from the one after 0.2.0 on. */
export function saysVersion({ Metadata = {} }: Template): boolean {
  return typeof Metadata[versionMetadata] === 'string';
}

/** The kinds of destination in the settings of a template's collectors. */
export function kindsIn({ Resources }: Template): readonly string[] {
  return Object.values(Resources).flatMap(({ Type, Properties }) => {
    if (Type !== 'AWS::Lambda::Function') return [];
    const settings = JSON.stringify(Object.values(variablesOf(Properties)));
    return [...settings.matchAll(/"kind\\*":\\*"(\w+)/g)].map(([, kind]) => kind!);
  });
}

function variablesOf(properties: unknown): object {
  const { Environment } = Object(properties) as { readonly Environment?: { readonly Variables?: object } };
  return Environment?.Variables ?? {};
}
