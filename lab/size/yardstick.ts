// What `npm run size` measures the functions against: this client and nothing else.
// biome-ignore lint/performance/noBarrelFile: it is all of the package that is to be bundled
export * from '@aws-sdk/client-firehose';
