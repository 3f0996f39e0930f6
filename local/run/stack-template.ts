/** The collectors that a template declares, in its order: what a run has to know before it deploys them. */
import type { Template } from '@mosaic-relay/cdk-loopback';
export function collectorsOf(template: Template): readonly DeclaredCollector[] {
  return Object.entries(template.Resources).flatMap(([logicalId, { Type, Properties }]) => {
    if (Type !== 'AWS::Lambda::Function') return [];
    const { Variables = {} } = (Properties?.Environment ?? {}) as { Variables?: Record<string, unknown> };
    const { STREAM_NAME, STREAM_ID, STREAM_TYPE, SECRET_ID, MOSAIC_API_VERSION } = Variables;
    const { PULL_URL, MOSAIC_RESOURCE } = Variables;
    const texts = [STREAM_NAME, STREAM_ID, STREAM_TYPE, SECRET_ID, MOSAIC_API_VERSION];
    if (!texts.every((value) => typeof value === 'string')) return [];
    // A witness is no stream of its own.
    if (Variables.WITNESS_OF !== undefined) return [];
    return [
      {
        logicalId,
        name: STREAM_NAME as string,
        id: STREAM_ID as string,
        type: STREAM_TYPE as string,
        secretId: SECRET_ID as string,
        apiVersion: MOSAIC_API_VERSION as string,
        ...(typeof MOSAIC_RESOURCE === 'string' && { resource: MOSAIC_RESOURCE }),
        ...(typeof PULL_URL === 'string' && { pullUrl: PULL_URL }),
      },
    ];
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
    const { Variables = {} } = (Properties?.Environment ?? {}) as { Variables?: Record<string, unknown> };
    for (const value of [Variables.MOSAIC_URL, Variables.PULL_URL]) {
      if (typeof value === 'string' && URL.canParse(value)) origins.add(new URL(value).origin);
    }
  }
  return [...origins];
}
