import type { Template, TemplateResource } from '@mosaic-relay/cdk-loopback';
import { toldSettings } from './told-settings.ts';

/** The collectors that a template declares, in its order: what a run has to know before it deploys them. */
export function collectorsOf(template: Template): readonly DeclaredCollector[] {
  return Object.entries(template.Resources).flatMap(([logicalId, { Type, Properties }]) => {
    if (Type !== 'AWS::Lambda::Function') return [];
    const told = toldSettings(variablesOf(Properties));
    // A witness is no stream of its own.
    if (told === undefined || told.witnessOf !== undefined) return [];
    const { name, id, type, secret: secretId, apiVersion, resource, pullUrl } = told;
    return [{ logicalId, name, id, type, secretId, apiVersion, resource, pullUrl }];
  });
}

export interface DeclaredCollector {
  readonly logicalId: string;
  /** The stream's name in the settings. */
  readonly name: string;
  /** Mosaic's id of the stream. */
  readonly id: string;
  readonly type: string;
  readonly secretId: string;
  readonly apiVersion: string;
  /** The token's `resource`. */
  readonly resource?: string;
  readonly pullUrl?: string;
}

/** Scheme and host of every Mosaic that the functions of a template call. */
export function mosaicOriginsOf(template: Template): readonly string[] {
  const origins = new Set<string>();
  for (const { Type, Properties } of Object.values(template.Resources)) {
    if (Type !== 'AWS::Lambda::Function') continue;
    const variables = variablesOf(Properties);
    const told = toldSettings(variables);
    for (const value of [variables.MOSAIC_URL, told?.mosaicUrl, told?.pullUrl]) {
      if (typeof value === 'string' && URL.canParse(value)) origins.add(new URL(value).origin);
    }
  }
  return [...origins];
}

function variablesOf(properties: TemplateResource['Properties']): Readonly<Record<string, unknown>> {
  const { Variables = {} } = (properties?.Environment ?? {}) as {
    readonly Variables?: Readonly<Record<string, unknown>>;
  };
  return Variables;
}
