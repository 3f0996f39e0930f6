/** Time as the simulator knows it. */
export interface SimulatorClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs the task at a time of this clock, and returns what cancels it. Without it, calls wait in real time. */
  at?(time: number, task: () => unknown): () => void;
  /** Told that a call to this port is kept waiting; returns what ends that. For clocks that jump over waiting. */
  hold?(port: number): () => void;
}
