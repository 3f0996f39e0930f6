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

function variablesOf(properties: unknown): object {
  const { Environment } = Object(properties) as { readonly Environment?: { readonly Variables?: object } };
  return Environment?.Variables ?? {};
}
