import { CommandError } from '../command.ts';

/** Neither a flag nor AWS's own configuration says a region. */
export class NoRegion extends CommandError {
  constructor(stackName: string) {
    super(
      `looked for stack ${stackName}, but no region is set; say --region, set AWS_REGION or the profile's, or give the stage its region in the settings`,
    );
  }
}
