import { serveRounds } from './serve-rounds.ts';

// The collector as it is deployed: the very bundle that the CDK app makes, its handler called as Lambda calls it.
const { handler } = (await import(process.env.BENCH_BUNDLE!)) as {
  handler: (event: unknown, context: unknown) => Promise<void>;
};

await serveRounds(() =>
  handler(
    { task: 'collect' },
    { awsRequestId: '00000000-0000-4000-8000-000000000000', getRemainingTimeInMillis: () => 900_000 },
  ),
);
