/**
 * The texts of a source that somebody may read while it runs: string literals and the fixed parts of templates, without comments, imports
 * and regular expressions.
 */
export function textsOf(source: string): readonly string[] {
  const texts: string[] = [];
  let at = 0;
  let before = '';
  /** Of each template that is open, the depth of braces within its expression. */
  const templates: number[] = [];
  const readTemplate = (): void => {
    const start = at;
    while (at < source.length && source[at] !== '`' && !source.startsWith('${', at))
      at += source[at] === '\\' ? 2 : 1;
    texts.push(source.slice(start, at));
    if (source[at] === '`') at += 1;
    else {
      at += 2;
      templates.push(0);
    }
  };
  while (at < source.length) {
    const char = source[at]!;
    if (source.startsWith('//', at)) at = endOf(source, '\n', at);
    else if (source.startsWith('/*', at)) at = endOf(source, '*/', at) + 2;
    else if (char === "'" || char === '"') {
      const start = at + 1;
      at = start;
      while (at < source.length && source[at] !== char) at += source[at] === '\\' ? 2 : 1;
      texts.push(source.slice(start, at));
      at += 1;
      before = char;
    } else if (char === '`') {
      at += 1;
      readTemplate();
      before = '`';
    } else if (char === '/' && /[(,=:[!&|?{};]|^$/.test(before)) {
      at = endOfPattern(source, at + 1);
      before = '/';
    } else {
      if (char === '{' && templates.length > 0) templates[templates.length - 1]! += 1;
      if (char === '}' && templates.length > 0) {
        if (templates.at(-1) === 0) {
          templates.pop();
          at += 1;
          readTemplate();
          continue;
        }
        templates[templates.length - 1]! -= 1;
      }
      if (!/\s/.test(char)) before = char;
      at += 1;
    }
  }
  return texts.filter((text) => !/^[\w@./-]*\.(ts|js|html|css)$/.test(text));
}

function endOf(source: string, mark: string, from: number): number {
  const found = source.indexOf(mark, from);
  return found === -1 ? source.length : found;
}

function endOfPattern(source: string, from: number): number {
  let at = from;
  let isClass = false;
  while (at < source.length && source[at] !== '\n' && (isClass || source[at] !== '/')) {
    if (source[at] === '[') isClass = true;
    if (source[at] === ']') isClass = false;
    at += source[at] === '\\' ? 2 : 1;
  }
  return at + 1;
}

/** Words that no operator shall read, and what to write in their place. */
const unwanted: readonly { readonly word: RegExp; readonly better: string }[] = [
  { word: /\b(come|comes|came|coming) back\b/i, better: 'recover' },
  { word: /\bmend(s|ed|ing)?\b/i, better: 'repair, or recover' },
  { word: /\bstand-ins?\b/i, better: 'simulated' },
  { word: /\bnothing above 0\b/i, better: 'any number above 0 needs attention' },
  { word: /\b(lane|harvest|desk)s?\b/i, better: "the field's own word" },
];

/** Each unwanted word of a text, and what would be right. */
export function unwantedIn(text: string): readonly string[] {
  return unwanted.flatMap(({ word, better }) => {
    const found = word.exec(text)?.[0];
    return found === undefined ? [] : [`"${found}", better: ${better}: ${text.slice(0, 120)}`];
  });
}
