import type { PageRun } from '../../../local/page/page-run.ts';

/** A run with one destination that breaks, one stream that waits for a replay, a log, and an event that passes. */
export function smallRun(): PageRun & { readonly replayed: string[] } {
  let broken = false;
  const replayed: string[] = [];
  return {
    replayed,
    destinations: {
      get states() {
        return [{ name: 'cis/splunk', broken }];
      },
      set: (_: string, wanted: boolean) => {
        broken = wanted;
        return true;
      },
    },
    replays: {
      get offers() {
        const command = 'npx relay replay --stage dev --local --stream cis';
        return replayed.length === 0 ? [{ stream: 'cis', command }] : [];
      },
      async replay(stream) {
        replayed.push(stream);
        return `40 events of ${stream} were sent again.`;
      },
    },
    logs: async (stream) =>
      stream === 'cis' ? ['08:00:01 cis collector INFO ended task=collect'] : undefined,
    passing: () => [
      {
        name: 'cis',
        destinations: ['splunk', 'lake', 's3'],
        events: [
          {
            collectedAt: Date.UTC(2026, 2, 2, 8),
            raw: '{"activity":"login_success"}',
            delivered: [
              { state: 'delivered', line: '{"event":{"activity":"login_success"}}' },
              { state: 'dropped' },
              { state: 'waiting' },
            ],
          },
        ],
      },
    ],
  };
}
