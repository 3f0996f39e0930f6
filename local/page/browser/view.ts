/** A view beside the dashboard. */
export interface View {
  /** Shows what the rest of the address names; '' for no rest. */
  show(rest: string): Promise<void> | void;
  /** Called when another view is shown. */
  leave?(): void;
}
