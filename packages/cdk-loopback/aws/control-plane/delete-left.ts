import type { Deployment } from '../cloudformation/deployment.ts';
import type { Account } from '../cloudformation/resource-family.ts';
import { remove } from '../cloudformation/settle.ts';
import { type LeftResources, ResourceOfStack } from './left-resources.ts';

/** Finds and deletes by the deployment as it is at the moment of a call. */
export function leftResources(deployment: () => Deployment, account: () => Account): LeftResources {
  const present = () => [...deployment().resources.values(), ...deployment().kept];
  return {
    find: (matches) => present().find(matches),
    list: (matches) => present().filter(matches),
    async delete(matches) {
      const of = deployment();
      const held = [...of.resources.values()].find(matches);
      if (held !== undefined) throw new ResourceOfStack(held, of);
      const left = of.kept.filter(matches).reverse();
      for (const resource of left) {
        await remove(resource, account(), of.stackId);
        of.forget(resource);
      }
      return left;
    },
  };
}
