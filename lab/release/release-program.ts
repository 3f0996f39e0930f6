import { matching } from '../../cli/arguments/forms.ts';
import type { Program } from '../../cli/arguments/program-description.ts';

/** `npm run release`. */
export const releaseProgram = {
  name: 'npm run release',
  typed: 'npm run release --',
  synopsis: ['', '--dry-run [--tag TAG]'],
  about: `Does all that a release needs but publish: compares version, lock, changelog and tag, packs the package, tests the
tarball as a stranger would, and keeps the assembly under test/fixtures/releases, over which later versions are deployed
by their tests. Commit that file, and tag the commit. The program signs nothing and publishes nothing: the workflow of a
tag does, which was not tried.`,
  flags: {
    'dry-run': {
      text: 'keep nothing, and say what would be kept; entries of the changelog may still wait for a version',
    },
    tag: {
      value: 'TAG',
      with: ['dry-run'],
      form: matching(/^v\d+\.\d+\.\d+$/, 'a tag such as v1.2.3'),
      text: 'the tag of the release, which must name the version, and by which the changelog has no entry without one and the assembly is kept',
    },
  },
  exitCodes: '0 ready to release, 1 not, 2 wrong use',
  examples: ['npm run release', 'npm run release -- --dry-run', 'npm run release -- --dry-run --tag v1.2.3'],
} as const satisfies Program;
