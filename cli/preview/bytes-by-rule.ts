import type { Cut } from '../../functions/collector/protocol/ports/answers.ts';
import { createSeer, type SeenCut, type Seer } from '../../functions/collector/views/see-cut.ts';
import type { ViewKey } from '../../functions/collector/views/view-key.ts';
import type { CompiledView } from '../../functions/stored/compiled-view.ts';

/**
 * Tells the bytes that each rule of members saves: those by which events would be longer if what the rule names were
 * kept. A pseudonym that is longer than its value saves less than nothing.
 */
export function createBytesByRule(view: CompiledView, key: ViewKey): BytesByRule {
  const withoutRule = view.members.map(({ action }, index) =>
    action === 'keep' ? undefined : seerOf({ ...view, members: view.members.with(index, kept(view, index)) }),
  );
  const withOthers = view.otherMembers === 'remove' ? seerOf({ ...view, otherMembers: 'keep' }) : undefined;
  const rules = view.members.map(() => 0);
  let others = 0;

  function seerOf(other: CompiledView): Seer {
    return createSeer(other, key);
  }

  return {
    add({ cut, type, collectedAt, seen, hasMet }) {
      withoutRule.forEach((see, index) => {
        if (see !== undefined && hasMet(index)) rules[index]! += longer(see(cut, type, collectedAt), seen);
      });
      if (withOthers !== undefined) others += longer(withOthers(cut, type, collectedAt), seen);
    },
    rules,
    get others() {
      return others;
    },
  };
}

export interface BytesByRule {
  add(batch: {
    readonly cut: Cut;
    readonly type: string;
    /** Milliseconds since the epoch. */
    readonly collectedAt: number;
    /** What the view as a whole shows of the batch. */
    readonly seen: SeenCut;
    /** False for a rule that met nothing of the batch. */
    readonly hasMet: (rule: number) => boolean;
  }): void;
  /** By the index of the rule. */
  readonly rules: readonly number[];
  /** Of the members that no rule names. */
  readonly others: number;
}

function kept({ members }: CompiledView, index: number): CompiledView['members'][number] {
  return { ...members[index]!, action: 'keep' };
}

/** The bytes by which the events that both show are longer in the first. */
function longer(one: SeenCut, other: SeenCut): number {
  let bytes = 0;
  let place = 0;
  for (let index = 0; index < other.cut.count; index++) {
    const event = other.indexes[index]!;
    while (place < one.cut.count && one.indexes[place]! < event) place += 1;
    if (one.indexes[place] === event && place < one.cut.count)
      bytes += lengthOf(one.cut, place) - lengthOf(other.cut, index);
  }
  return bytes;
}

function lengthOf({ starts, ends }: Cut, index: number): number {
  return ends[index]! - starts[index]!;
}
