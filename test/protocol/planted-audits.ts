import { expiringPutBack, putBackBesideAnother, putBackOnce, putBackTwice } from './configurations.ts';
import type { PlantedFault } from './planted-fault.ts';

/** What follows when a table is put back, wrong in one decision. */
export const plantedAudits: readonly PlantedFault[] = [
  {
    says: 'leaves an OPEN that has vanished to the audit',
    configuration: putBackOnce,
    change: { writesOpenAnew: false },
    breaks: 'no wait',
  },
  {
    says: 'writes a vanished OPEN anew as sealed as of now, with a PUT under way',
    configuration: putBackOnce,
    change: { newOpen: { sealAfter: 'now', counted: false } },
    breaks: 'I4: complete',
  },
  {
    says: 'takes an OPEN that was written anew for the whole of its run',
    configuration: expiringPutBack,
    change: { newOpen: { sealAfter: 'first', counted: true } },
    breaks: 'I1',
  },
  {
    says: 'reopens runs as sealed as of now, though one may live',
    configuration: putBackOnce,
    change: { sealOfAudit: 'now' },
    breaks: 'I4: complete',
  },
  {
    says: 'takes a RUN# without complete for a run that is covered',
    configuration: putBackOnce,
    change: { covers: ({ table }) => table.record !== 'none' },
    breaks: 'I1',
  },
  {
    says: 'takes the RUN# of another run for a run that is covered',
    configuration: putBackBesideAnother,
    change: { covers: (_, runs) => runs.some(({ table }) => table.record === 'complete') },
    breaks: 'I1',
  },
  {
    says: 'says that an audit is done that the table was put back under',
    configuration: putBackOnce,
    change: { marksWhenOvertaken: true },
    breaks: 'I1',
  },
  {
    says: 'says that an audit is done that the second putting back of two overtook',
    configuration: putBackTwice,
    change: { marksWhenOvertaken: true },
    breaks: 'I1',
  },
];
