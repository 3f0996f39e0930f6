import type { Template, TemplateResource } from '@mosaic-relay/cdk-loopback';
import { closeBudgetMs, journalBudgetMs } from '../../functions/collector/budgets.ts';
import type { DeclaredCollector } from './stack-template.ts';
import { changeSettings } from './told-settings.ts';

/**
 * The stage's template as a trial against a real Mosaic needs it. Everything else stays as `cdk deploy` would send it.
 *
 * - Each collector reads the trial's stream, and never creates or reopens one.
 * - Mosaic's side of the stage's own streams is left out: no trial may touch those.
 * - Nothing waits for a buffer to fill: delivery streams deliver every few seconds.
 */
export function tryTemplate(template: Template, options: TryTemplateOptions): Template {
  const ids = new Map(options.collectors.map(({ logicalId, id }) => [logicalId, id]));
  const left = Object.entries(template.Resources).filter(([, { Type }]) => Type !== mosaicStreamType);
  const kept = new Set(left.map(([logicalId]) => logicalId));
  const resources = left.map(([logicalId, resource]) => {
    const id = ids.get(logicalId);
    const changed = id === undefined ? resource : readingStream(resource, id, options.forMs);
    return [logicalId, prompt(withDependencies(changed, kept))] as const;
  });
  return { ...template, Resources: Object.fromEntries(resources) };
}

export interface TryTemplateOptions {
  /** Those that take part, with the ids of the trial's streams. */
  readonly collectors: readonly Pick<DeclaredCollector, 'logicalId' | 'id'>[];
  /** How long the trial reads. */
  readonly forMs: number;
}

const mosaicStreamType = 'Custom::MosaicStream';

/** Of a run's time, what it takes to start, and what the collector keeps for the last collect, its journal and its end. */
const startSeconds = 2;
const usualCollectTimeout = 60;
const reservedSeconds = startSeconds + usualCollectTimeout + (journalBudgetMs + closeBudgetMs) / 1_000;

function readingStream(collector: TemplateResource, id: string, forMs: number): TemplateResource {
  const properties = collector.Properties ?? {};
  const environment = properties.Environment as { readonly Variables: Record<string, unknown> };
  // A run under a flood of events ends with its time: it may not take much more than the trial was given.
  const seconds = Math.min(Number(properties.Timeout), Math.ceil(forMs / 1_000) + reservedSeconds);
  return {
    ...collector,
    Properties: {
      ...properties,
      Timeout: seconds,
      Environment: {
        ...environment,
        Variables: {
          ...environment.Variables,
          SETTINGS: changeSettings(environment.Variables.SETTINGS, ({ pullUrl: _, ...settings }) => ({
            ...settings,
            id,
            autoReopen: false,
            timeout: seconds,
          })),
        },
      },
    },
  };
}

function withDependencies(resource: TemplateResource, kept: ReadonlySet<string>): TemplateResource {
  if (resource.DependsOn === undefined) return resource;
  const ids = typeof resource.DependsOn === 'string' ? [resource.DependsOn] : resource.DependsOn;
  return { ...resource, DependsOn: ids.filter((id) => kept.has(id)) };
}

/** Firehose's shortest interval but 0. */
const promptly = { IntervalInSeconds: 1 };

function prompt(resource: TemplateResource): TemplateResource {
  if (resource.Type !== 'AWS::KinesisFirehose::DeliveryStream') return resource;
  const properties = Object.entries(resource.Properties ?? {}).map(([name, value]) => {
    if (!name.endsWith('DestinationConfiguration')) return [name, value] as const;
    const destination = value as { readonly BufferingHints?: object };
    return [
      name,
      { ...destination, BufferingHints: { ...destination.BufferingHints, ...promptly } },
    ] as const;
  });
  return { ...resource, Properties: Object.fromEntries(properties) };
}
