// Generated from infra/destinations/ by "npm run docs". Edit the kinds there, and run it again.

import type { DestinationChoice } from './destination-choice.ts';

export const destinationChoices: readonly DestinationChoice[] = [
  {
    "kind": "s3",
    "about": "Gzipped newline-delimited JSON in S3, by event type, day and hour.",
    "says": {
      "bucket": "Name or ARN of a bucket that exists already, in the stage's region. A bucket of another account must let the delivery stream's role in by its own policy, which `relay doctor` prints. Default: the relay's own bucket.",
      "bucketKey": "ARN of the customer-managed key of `bucket`. Default: the bucket has none.",
      "prefix": "Folder in the bucket, without a slash at its ends. Default `delivered/<stream>/<destination>`, which needs the relay's own bucket.",
      "compressRecords": "Each record is a gzip member of its own, at about a third of the ingestion cost and of the quota; an object is a row of members. `false` leaves it to Firehose to compress an object as a whole. Default true.",
      "bufferMiB": "Firehose delivers when it holds this many MiB, as it takes the records: compressed unless `compressRecords` is false. 1..128, default 64.",
      "bufferSeconds": "Firehose delivers at the latest after so many seconds. 0..900, default 60."
    },
    "example": {
      "kind": "s3"
    }
  },
  {
    "kind": "splunk",
    "about": "Splunk's HTTP Event Collector, its `event` endpoint.",
    "page": "docs/splunk.md",
    "says": {
      "endpoint": "The collector's base URL, such as `https://http-inputs-firehose-acme.splunkcloud.com:443`. Firehose adds the path.",
      "secret": "Complete ARN of the secret `{\"hec_token\": \"…\"}`, in the stage's region. The token needs indexer acknowledgement.",
      "secretKey": "ARN of the customer-managed key that the secret is encrypted with. Default: the account's own `aws/secretsmanager`.",
      "index": "Index that events go to; it must be among those that the token allows. Default: the token's own.",
      "host": "Splunk's `host`. Default: `mosaic-` and the stage's name.",
      "source": "Splunk's `source`. Default: what `docs/splunk.md` says.",
      "sourcetype": "Splunk's `sourcetype`. Default: what `docs/splunk.md` says.",
      "ackTimeoutSeconds": "How long an indexer may take to acknowledge, seconds. 180..600, default 300.",
      "bufferMiB": "Firehose delivers when it holds this many MiB. 1..5, default 1: many collectors take no larger request.",
      "bufferSeconds": "Firehose delivers at the latest after so many seconds. 0..60, default 60."
    },
    "example": {
      "kind": "splunk",
      "endpoint": "https://example.splunkcloud.com:443",
      "secret": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:mosaic-siem-relay/prod/splunk-AbCdEf"
    }
  },
  {
    "kind": "gcs",
    "about": "Google Cloud Storage, by workload identity federation and without a key.",
    "page": "docs/gcs.md",
    "says": {
      "bucket": "Name of the bucket in Google Cloud.",
      "provider": "`//iam.googleapis.com/projects/<number>/locations/global/workloadIdentityPools/<pool>/providers/<provider>`.",
      "compressRecords": "Each record is a gzip member of its own, at about a third of the ingestion cost and of the quota; an object is a row of members. `false` leaves it to Firehose to compress an object as a whole. Default true.",
      "bufferMiB": "Firehose writes an object when it holds this many MiB, as it takes the records: compressed unless `compressRecords` is false. 1..64, default 5.",
      "bufferSeconds": "Firehose writes an object at the latest after so many seconds. 0..900, default 60."
    },
    "example": {
      "kind": "gcs",
      "bucket": "example-mosaic-events",
      "provider": "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/mosaic-relay/providers/aws-relay"
    }
  },
  {
    "kind": "datadog",
    "about": "Datadog's log intake. One event a record: the intake takes a record for one log.",
    "says": {
      "site": "`us1`, `us3`, `us5`, `eu`, `ap1` or `gov`.",
      "secret": "Complete ARN of the secret `{\"api_key\": \"…\"}`, in the stage's region.",
      "bufferMiB": "Firehose delivers when it holds this many MiB, before compression. 1..64, default 4.",
      "tags": "Tags of every log. Default: none."
    },
    "example": {
      "kind": "datadog",
      "site": "us1",
      "secret": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:mosaic-siem-relay/prod/datadog-AbCdEf"
    }
  },
  {
    "kind": "newRelic",
    "about": "New Relic's log intake. One event a record: the intake takes a record for one log.",
    "says": {
      "site": "Where the account is: `us` or `eu`.",
      "secret": "Complete ARN of the secret `{\"api_key\": \"…\"}` with a license key, in the stage's region.",
      "attributes": "Attributes of every log. Default: none."
    },
    "example": {
      "kind": "newRelic",
      "site": "us",
      "secret": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:mosaic-siem-relay/prod/new-relic-AbCdEf"
    }
  },
  {
    "kind": "dynatrace",
    "about": "Dynatrace's log ingest. One event a record: the intake takes a record for one log.",
    "says": {
      "environment": "The environment's URL, such as `https://abc12345.live.dynatrace.com`.",
      "secret": "Complete ARN of the secret `{\"api_key\": \"…\"}` with a token of scope `logs.ingest`, in the stage's region."
    },
    "example": {
      "kind": "dynatrace",
      "environment": "https://example.live.dynatrace.com",
      "secret": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:mosaic-siem-relay/prod/dynatrace-AbCdEf"
    }
  },
  {
    "kind": "sumoLogic",
    "about": "Sumo Logic's Firehose source. One event a record: the source takes a record for one log. Its token is part of its URL, which CloudFormation fills in at deploy: whoever may describe the delivery stream can read it, and a rotated one needs a deploy.",
    "says": {
      "endpoint": "The source's URL up to the token, such as `https://endpoint9.collection.eu.sumologic.com/receiver/v1/kinesis/log`.",
      "secret": "Complete ARN of the secret `{\"token\": \"…\"}` with the rest of the URL, in the stage's region."
    },
    "example": {
      "kind": "sumoLogic",
      "endpoint": "https://example.collection.sumologic.com/receiver/v1/kinesis/log",
      "secret": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:mosaic-siem-relay/prod/sumo-logic-AbCdEf"
    }
  },
  {
    "kind": "elastic",
    "about": "Elastic Cloud's Firehose intake. One event a record: the intake takes a record for one document.",
    "says": {
      "endpoint": "The cluster's URL, such as `https://my-cluster.es.eu-west-1.aws.elastic-cloud.com`.",
      "secret": "Complete ARN of the secret `{\"api_key\": \"…\"}` with an encoded API key, in the stage's region.",
      "dataStream": "Data stream that events go to. Default `logs-mosaic-default`."
    },
    "example": {
      "kind": "elastic",
      "endpoint": "https://example.es.eu-west-1.aws.elastic-cloud.com",
      "secret": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:mosaic-siem-relay/prod/elastic-AbCdEf"
    }
  },
  {
    "kind": "http",
    "about": "Any public HTTPS endpoint that speaks Firehose's HTTP endpoint protocol.",
    "says": {
      "url": "`https://…` on port 443, which is all that Firehose reaches.",
      "secret": "Complete ARN of the secret `{\"api_key\": \"…\"}`, in the stage's region; it comes as `X-Amz-Firehose-Access-Key`.",
      "attributes": "Sent with every request as common attributes. Default: none.",
      "packing": "`single`: one event a record. `lines`: many newline-ended events a record, about a tenth of the cost at 0.5 KB. Default `single`."
    },
    "example": {
      "kind": "http",
      "url": "https://siem.example.com/firehose",
      "secret": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:mosaic-siem-relay/prod/siem-AbCdEf"
    }
  },
  {
    "kind": "openSearch",
    "about": "An OpenSearch domain of this account, by `domain`, or a serverless collection, by `collection` and `collectionEndpoint`. Its own access policy must let the delivery stream's role write: the stack's outputs name it.",
    "says": {
      "domain": "ARN of a domain. Not together with `collection`.",
      "collection": "ARN of a serverless collection, instead of `domain`.",
      "collectionEndpoint": "URL of that collection. Not together with `domain`.",
      "index": "Index that events go to; of a domain, the beginning of its name where the index rotates.",
      "rotate": "How often a domain's index rotates: `never`, `hour`, `day`, `week` or `month`. Default `day`.",
      "bufferMiB": "Firehose delivers when it holds this many MiB. 1..100, default 5.",
      "bufferSeconds": "Firehose delivers at the latest after so many seconds. 0..900, default 60."
    },
    "example": {
      "kind": "openSearch",
      "domain": "arn:aws:es:eu-west-1:111122223333:domain/mosaic",
      "index": "mosaic"
    }
  },
  {
    "kind": "sentinel",
    "about": "Microsoft Sentinel, by the Azure Logs Ingestion API.",
    "page": "docs/sentinel.md",
    "says": {
      "endpoint": "The data collection endpoint, such as `https://mosaic-ab12.westeurope-1.ingest.monitor.azure.com`.",
      "rule": "The data collection rule's immutable id: `dcr-` and 32 hexadecimal digits.",
      "table": "The rule's stream, such as `Custom-MosaicEvents_CL`.",
      "secret": "Complete ARN of the secret `{\"tenant_id\": \"…\", \"client_id\": \"…\", \"client_secret\": \"…\"}`, in the stage's region.",
      "secretKey": "ARN of the customer-managed key that the secret is encrypted with. Default: the account's own `aws/secretsmanager`.",
      "compressRecords": "Each record is a gzip member of its own, at about a third of the ingestion cost and of the quota; an object is a row of members. `false` leaves it to Firehose to compress an object as a whole. Default true.",
      "bufferMiB": "Firehose writes an object when it holds this many MiB, as it takes the records: compressed, and 16 at most, unless `compressRecords` is false. 1..64, default 5.",
      "bufferSeconds": "Firehose writes an object at the latest after so many seconds. 0..900, default 60."
    },
    "example": {
      "kind": "sentinel",
      "endpoint": "https://example.westeurope-1.ingest.monitor.azure.com",
      "rule": "dcr-00000000000000000000000000000000",
      "table": "Custom-MosaicEvents_CL",
      "secret": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:mosaic-siem-relay/prod/sentinel-AbCdEf"
    }
  }
];
