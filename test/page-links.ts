import { posix } from 'node:path';

/**
 * The links of pages that lead nowhere: to a file, a folder or a heading that is not there.
 *
 * @param pages texts by path
 * @param exists true for each path, of a file or of a folder, that a link may lead to
 */
export function brokenLinks(
  pages: ReadonlyMap<string, string>,
  exists: (path: string) => boolean,
): readonly string[] {
  const leads = (page: string, target: string): boolean => {
    const [path = '', heading] = target.split('#');
    const file = path === '' ? page : posix.join(posix.dirname(page), path);
    if (!exists(file)) return false;
    return (
      heading === undefined || !file.endsWith('.md') || headings(pages.get(file) ?? '').includes(heading)
    );
  };
  return [...pages].flatMap(([page, text]) =>
    targetsIn(text)
      .filter((target) => !/^[a-z]+:/.test(target) && !leads(page, target))
      .map((target) => `${page}: ${target}`),
  );
}

function targetsIn(text: string): readonly string[] {
  const links = withoutCode(text).matchAll(/\]\(([^)\s]+)\)|<(?:img|a)\b[^>]*\b(?:src|href)="([^"]+)"/g);
  return [...links].map(([, target, written]) => target ?? written!);
}

/** The anchors that GitHub makes of a page's headings: lower case, no punctuation, hyphens for spaces. */
function headings(text: string): readonly string[] {
  return [...withoutCode(text).matchAll(/^#+\s+(.+)$/gm)].map(([, heading]) =>
    heading!
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}

function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]()]/g, ''));
}
