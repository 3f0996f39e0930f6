/** A place outside `infra/destinations/` where something is decided by the kind of a destination. */
export interface Decision {
  readonly path: string;
  readonly line: number;
  readonly says: string;
}

/**
 * The places of `source` that decide by a kind's name: a comparison of a `kind`, a case of a switch, a look into a list,
 * or a table with two kinds and more for keys.
 *
 * @param kinds the names that kinds have in the settings
 */
export function decisionsByKind(path: string, source: string, kinds: readonly string[]): readonly Decision[] {
  const name = `['"\`](?:${kinds.join('|')})['"\`]`;
  const patterns = [
    // `kind === 'gcs'`, `'gcs' !== destination.kind`
    new RegExp(`\\bkind\\b[^;\\n=!]{0,20}[=!]==?\\s*${name}`),
    new RegExp(`${name}\\s*[=!]==?[^;\\n]{0,30}\\bkind\\b`),
    new RegExp(`\\bcase ${name}\\s*:`),
    new RegExp(`\\.(?:includes|has|indexOf|startsWith)\\(${name}\\)`),
    // `['s3', 'gcs'].includes(kind)`
    new RegExp(`${name}[^;\\n]*\\]\\.(?:includes|indexOf)\\([^)]*\\bkind\\b`),
    new RegExp(`\\bkind\\s*:\\s*${name}[^;\\n]*\\}\\s*>`),
  ];
  const keyOfTable = new RegExp(`^\\s*['"]?(${kinds.join('|')})['"]?: `);
  const lines = source.split('\n');
  const keys = new Set(lines.map((line) => keyOfTable.exec(line)?.[1]).filter((key) => key !== undefined))
    .size;
  return lines.flatMap((line, index) => {
    const decides = patterns.some((pattern) => pattern.test(line)) || (keys > 1 && keyOfTable.test(line));
    return decides ? [{ path, line: index + 1, says: line.trim() }] : [];
  });
}
