/**
 * Takes the place of the package `node-fetch` in the bundles: a library that asks for it on any Node gets Node's own
 * `fetch`, and not 90 KB of another one with its streams.
 */
// biome-ignore lint/style/noDefaultExport: the package's form
export default (...call: Parameters<typeof fetch>): Promise<Response> => fetch(...call);
