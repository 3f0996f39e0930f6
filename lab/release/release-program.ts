import { matching } from '../../cli/arguments/forms.ts';
import type { Program } from '../../cli/arguments/program-description.ts';

/** `npm run release`. */
export const releaseProgram = {
  name: 'npm run release',
  typed: 'npm run release --',
  synopsis: ['--dry-run [--tag TAG]'],
  about: `Does all that a release needs but publish: compares version, lock, changelog and tag, packs the package, and tests the
tarball as a stranger would. It signs nothing and publishes nothing: the workflow of a tag does, which was not tried.`,
  flags: {
    'dry-run': { required: true, text: 'publish nothing; there is no other way of use yet' },
    tag: {
      value: 'TAG',
      form: matching(/^v\d+\.\d+\.\d+$/, 'a tag such as v1.2.3'),
      text: 'the tag of the release, which must name the version, and by which everything in the changelog has its place',
    },
  },
  exitCodes: '0 ready to release, 1 not, 2 wrong use',
  examples: ['npm run release -- --dry-run', 'npm run release -- --dry-run --tag v1.2.3'],
} as const satisfies Program;
