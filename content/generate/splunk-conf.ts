export const generatedNote =
  '# Generated from content/mapping/ by "npm run content". Edit the table, and run it again.';

/** A stanza of a `.conf` file. */
export function stanza(name: string, settings: Readonly<Record<string, string>>): string {
  return [`[${name}]`, ...Object.entries(settings).map(([key, value]) => `${key} = ${value}`)].join('\n');
}
