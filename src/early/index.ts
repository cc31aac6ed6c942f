/** The door of `use-parallel-tools/early`: calls that start before their input is known to be complete. */
export { earlyStart, type EarlyStartOptions } from './early-start.ts';
