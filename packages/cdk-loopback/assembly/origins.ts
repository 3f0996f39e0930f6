/**
 * The one table by which names in the template become addresses here: origin (`https://api.example.com`) →
 * origin of its stand-in, or of the real thing.
 */
export type Hosts = Readonly<Record<string, string>>;

/** @param where what names the origin, for the message. @throws naming an origin that is not in the table */
export function hostOf(origin: string, hosts: Hosts, where: string): string {
  const host = hosts[origin];
  if (host === undefined) throw new Error(`${where} names ${origin}, for which there is no stand-in`);
  return host;
}

/** Replaces every https origin in a text, such as an environment variable's value. */
export function rewriteOrigins(text: string, hosts: Hosts, where: string): string {
  return text.replace(/https:\/\/[^\s"'\\/?#,]+/g, (origin) => hostOf(origin, hosts, where));
}
