import { customResources } from './families/custom-resource.ts';
import { deliveryStreams } from './families/firehose.ts';
import { lambdaFunctions } from './families/lambda-function.ts';
import { lambdaSettings } from './families/lambda-settings.ts';
import { nestedStacks } from './families/nested-stack.ts';
import { recorded } from './families/recorded.ts';
import { schedules } from './families/schedule.ts';
import { storage } from './families/storage.ts';
import type { ResourceFamily } from './resource-family.ts';

/** Every resource type that the local CloudFormation knows; any other is refused by name. */
export const families: Readonly<Record<string, ResourceFamily>> = {
  ...recorded,
  ...storage,
  ...deliveryStreams,
  ...lambdaFunctions,
  ...lambdaSettings,
  ...schedules,
  ...customResources,
  ...nestedStacks,
};
