// Owns: p-limit as a contender of the scheduler.
import pLimit from 'p-limit';

export async function run(calls: number): Promise<void> {
  const limit = pLimit(10);
  await Promise.all(Array.from({ length: calls }, () => limit(async () => 'done')));
}
