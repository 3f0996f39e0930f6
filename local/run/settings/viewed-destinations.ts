import type { WrittenView } from '../../../functions/stored/compiled-view.ts';
import type { DestinationEntry } from './more-destinations.ts';

/** The views of a run that has views of its own: one hides by name, the other shows what is on its list. */
export function drawnViews({ account, region }: StagePlace): Readonly<Record<string, WrittenView>> {
  return {
    'drawn-hiding': {
      activities: { drop: ['get_user*', 'admin_log*', 'create_*'] },
      members: {
        user_id: 'pseudonym',
        original_user_id: 'pseudonym',
        actor_id: 'pseudonym',
        ip: 'network',
        ip_address: 'network',
        user_agent: 'remove',
        'additionalParams.email': 'mask',
        'additionalParams.*.prev': 'remove',
      },
      key: secretArn('drawn-hiding', { account, region }),
    },
    'drawn-list': {
      members: { activity: 'keep', timestamp: 'keep', user_id: 'pseudonym', ip: 'network' },
      otherMembers: 'remove',
      key: secretArn('drawn-list', { account, region }),
    },
  };
}

/**
 * Two destinations more for a stream, each with one of these views, so that of three destinations two have one.
 *
 * @param stream its name
 */
export function viewedDestinations(stream: string, place: StagePlace): readonly DestinationEntry[] {
  return [
    { kind: 's3', name: 'seen-lake', view: 'drawn-hiding', bufferSeconds: 300 },
    {
      kind: 'splunk',
      name: 'seen-splunk',
      endpoint: `https://seen-splunk-${stream}.example.com:8088`,
      secret: secretArn(`seen-splunk-${stream}`, place),
      index: 'seen',
      view: 'drawn-list',
    },
  ];
}

interface StagePlace {
  readonly account?: string;
  readonly region?: string;
}

function secretArn(name: string, { account = '111122223333', region = 'us-east-1' }: StagePlace): string {
  return `arn:aws:secretsmanager:${region}:${account}:secret:view-keys/${name}-AbCdEf`;
}
