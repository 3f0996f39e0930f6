import { isDeepStrictEqual } from 'node:util';
import type { ResourceFamily } from '../resource-family.ts';

/** Firehose delivery streams. */
export const deliveryStreams: Readonly<Record<string, ResourceFamily>> = {
  'AWS::KinesisFirehose::DeliveryStream': {
    replacedBy: ['DeliveryStreamName', 'DeliveryStreamType'],
    create: ({ properties, generatedName }, { accountId, region, firehose }) => {
      const given = properties.DeliveryStreamName;
      const name = typeof given === 'string' ? given : generatedName.slice(-64);
      const arn = `arn:aws:firehose:${region}:${accountId}:deliverystream/${name}`;
      firehose.createDeliveryStream(name, arn, properties);
      return { physicalId: name, arn, attributes: { Arn: arn } };
    },
    update: ({ properties, previous }, { firehose }) => {
      firehose.tagDeliveryStream(previous.physicalId, properties);
      // Tags are changed by a call of their own, which touches nothing that is buffered.
      if (!isDeepStrictEqual({ ...previous.properties, Tags: 0 }, { ...properties, Tags: 0 }))
        firehose.updateDeliveryStream(previous.physicalId, properties);
      return previous;
    },
    // What it still buffers is deleted with it, as by the real one.
    remove: ({ physicalId }, { firehose }) => firehose.deleteDeliveryStream(physicalId),
  },
};
