import { Dashboard, PeriodOverride, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { stackNameOf } from '../../config/names.ts';
import { copierRow } from './copier-row.ts';
import type { DashboardFacts } from './dashboard-facts.ts';
import { machineryRows } from './machinery-rows.ts';
import { overviewRows } from './overview-rows.ts';
import { streamRow } from './stream-row.ts';

/** The dashboard of a stage: a glance at all, a row for each stream, and the machinery below. */
export class RelayDashboard extends Construct {
  readonly dashboardName: string;

  constructor(scope: Construct, id: string, facts: DashboardFacts) {
    super(scope, id);
    const stage = facts.stage.name;
    this.dashboardName = stackNameOf(stage);
    const dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: this.dashboardName,
      start: '-PT12H',
      // Each metric has a period of its own, whatever the range.
      periodOverride: PeriodOverride.INHERIT,
    });
    for (const row of overviewRows(this, facts)) dashboard.addWidgets(...row);
    dashboard.addWidgets(guide());
    for (const each of facts.streams) {
      for (const row of streamRow(this, stage, each)) dashboard.addWidgets(...row);
      for (const destination of each.destinations) {
        if (destination.copier === undefined) continue;
        const { copier } = destination;
        dashboard.addWidgets(...copierRow({ stage, stream: each.stream }, { ...destination, copier }));
      }
    }
    for (const row of machineryRows(facts)) dashboard.addWidgets(...row);
  }
}

function guide(): TextWidget {
  return new TextWidget({
    markdown: [
      '## Streams',
      "**Events** that Mosaic gave. **Lag** is the age of the newest collected event while Mosaic holds more; **oldest undelivered** is of a batch in the journal that some destination lacks; the lines are where alarms go off. **In Firehose** is the age of the oldest record on its way, and the share of delivery attempts that succeeded. **Trouble** should be empty; **waiting** are events that a receiver has not got. On the right: the **schedule**, the **last run**, and the stream's **alarms**.",
    ].join('\n'),
    width: 24,
    height: 2,
  });
}
