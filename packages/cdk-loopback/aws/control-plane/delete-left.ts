import type { Deployment } from '../cloudformation/deployment.ts';
import type { Account } from '../cloudformation/resource-family.ts';
import { remove } from '../cloudformation/settle.ts';
import { type LeftResources, ResourceOfStack } from './left-resources.ts';

/** Finds and deletes by the deployment as it is at the moment of a call. */
export function leftResources(deployment: () => Deployment, account: () => Account): LeftResources {
  return {
    find: (matches) => [...deployment().resources.values(), ...deployment().kept].find(matches),
    async delete(matches) {
      const of = deployment();
      const present = [...of.resources.values()].find(matches);
      if (present !== undefined) throw new ResourceOfStack(present, of);
      const left = of.kept.filter(matches).reverse();
      for (const resource of left) {
        await remove(resource, account(), of.stackId);
        of.forget(resource);
      }
      return left;
    },
  };
}
