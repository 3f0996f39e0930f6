import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/**
 * What is shipped beside the compiled files, by path: the content, and the pages as whoever installed the package needs
 * them. A passage between `<!-- clone -->` and `<!-- /clone -->` is for a clone alone and left out. A link to a file that
 * is not shipped leads to the repository or, where its `package.json` names none, is words.
 *
 * @param root the repository
 */
export function shippedFiles(root: string): ReadonlyMap<string, string> {
  const files = globSync(shipped, { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !notShipped.test(path))
    .sort();
  const repository = repositoryOf(root);
  return new Map(
    files.map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return [path, path.endsWith('.md') ? packagedPage(text, { path, files, repository }) : text];
    }),
  );
}

const shipped = ['content/**/*.*', 'docs/**/*.*', 'CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md'];

/** Screenshots weigh more than the rest. What writes docs and content, and how to work on a clone, are for a clone. */
const notShipped = /\.png$|^(docs|content)\/generate\/|^content\/mapping\/|^docs\/contributing\.md$/;

/** @param text the page as it stands in a clone */
export function packagedPage(text: string, page: ShippedPage): string {
  const kept = text
    .replaceAll(/\n+<!-- clone -->\n[\s\S]*?\n<!-- \/clone -->\n+/g, '\n\n')
    .replaceAll(/<!-- clone -->[\s\S]*?<!-- \/clone -->/g, '')
    .replace(/\n+$/, '\n');
  if (kept.includes('clone -->'))
    throw new Error(`${page.path}: a mark of a clone's passage has no other end`);
  return kept.replaceAll(fenceOrLink, (all, words: string | undefined, target: string) => {
    if (words === undefined || /^([a-z]+:|#)/.test(target)) return all;
    const [path = '', heading] = target.split('#');
    const file = posix.normalize(posix.join(posix.dirname(page.path), path));
    if (page.files.some((each) => each === file || each.startsWith(file.replace(/\/?$/, '/')))) return all;
    if (page.repository === undefined) return words;
    const place = `${file.endsWith('/') ? 'tree' : 'blob'}/main/${file}`;
    return `[${words}](${page.repository}/${place}${heading === undefined ? '' : `#${heading}`})`;
  });
}

export interface ShippedPage {
  /** From the root of the package. */
  readonly path: string;
  /** All that is shipped. */
  readonly files: readonly string[];
  /** Its address on the web. */
  readonly repository: string | undefined;
}

/** Code is passed over as a whole, so that nothing in it is taken for a link. */
const fenceOrLink = /^ *```[\s\S]*?^ *```|\[([^\]\n]*)\]\(([^)\s]+)\)/gm;

function repositoryOf(root: string): string | undefined {
  const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly repository?: { readonly url: string };
  };
  return repository?.url.replace(/^git\+|\.git$/g, '');
}
