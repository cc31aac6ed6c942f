/** Owns waiting for what the SDK does in microtasks, within one task. */

/** Settles `count` microtasks later. */
export async function afterMicrotasks(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await undefined;
}
