/** What follows from a lease. */
export interface LeaseTimes {
  /** Between two heartbeats of the leader. */
  readonly beatMs: number;
  /** A leader that has reached nobody for this long counts its lock as lost. */
  readonly lostMs: number;
  /** How long its task then has before it is killed. */
  readonly stopMs: number;
}

/**
 * A leader that is cut off stops its task in less than its lease, by its own clock from the moment it sent the last
 * heartbeat that was answered; a candidate takes over when the lease is over. Three tenths are left for clocks that do not
 * run alike and for a process that is not scheduled.
 */
export function leaseTimes(leaseMs: number): LeaseTimes {
  return { beatMs: leaseMs * 0.15, lostMs: leaseMs * 0.6, stopMs: leaseMs * 0.1 };
}
