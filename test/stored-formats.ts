/**
 * Where a source file spells a part of a stored format, which only the files of `functions/stored/` may do.
 *
 * @returns each place, as `<path>:<line>: <what is spelled>`
 */
export function spelledFormats(path: string, source: string): readonly string[] {
  const forbidden = path.startsWith('packages/') ? formats : [...formats, itemExpression];
  return source.split('\n').flatMap((line, index) => {
    if (comment.test(line) || importLine.test(line)) return [];
    const spelled = forbidden.find((format) => format.test(line));
    return spelled === undefined ? [] : [`${path}:${index + 1}: ${spelled.exec(line)![0]}`];
  });
}

/** As the formatter leaves them, comments stand on lines of their own. */
const comment = /^\s*(?:\/\/|\/\*|\*)/;
const importLine = /\bfrom '[^']+';$|\bimport\('/;

const formats = [
  // A prefix of the bucket, in a text or in a pattern.
  /(?<![\w.-])(?:journal|quarantine|backup|delivered|replayed|views)\\?\//,
  // The name of an item.
  /['"`]META['"`]|\bS: ['"`](?:OPEN|RUN)\b|\b(?:OPEN|RUN)#/,
  // Metadata of an object.
  /['"`](?:x-amz-meta-)?(?:collected-at|recovered)['"`]\]|x-amz-meta-[a-z]/,
  // The runs that a witness adds.
  /['"`/]recovered-/,
];

/** Writes attributes of an item. A library may have a table of its own in its example. */
const itemExpression = /['"`](?:SET|REMOVE|ADD) [\w#]/;
