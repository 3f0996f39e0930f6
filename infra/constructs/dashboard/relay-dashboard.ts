import { Dashboard, PeriodOverride } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { stackNameOf } from '../../config/names.ts';
import { copierRow } from './copier-row.ts';
import { costRow } from './cost-row.ts';
import type { DashboardFacts } from './dashboard-facts.ts';
import { machineryRows } from './machinery-rows.ts';
import { streamRow } from './stream-row.ts';
import { verdictRows } from './verdict-rows.ts';

/** The dashboard of a stage: the verdict, a row for each stream, and below them cost, copiers and the machinery. */
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
    for (const row of verdictRows(this, facts)) dashboard.addWidgets(...row);
    for (const each of facts.streams) dashboard.addWidgets(...streamRow(this, stage, each));
    dashboard.addWidgets(...costRow(facts));
    for (const { stream, destinations } of facts.streams) {
      for (const destination of destinations) {
        const { copier } = destination;
        if (copier === undefined) continue;
        dashboard.addWidgets(...copierRow({ stage, stream }, { ...destination, copier }));
      }
    }
    for (const row of machineryRows(facts)) dashboard.addWidgets(...row);
  }
}
