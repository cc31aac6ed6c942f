// Owns: p-queue as a contender of the scheduler.
import PQueue from 'p-queue';

export async function run(calls: number): Promise<void> {
  const queue = new PQueue({ concurrency: 10 });
  for (let call = 0; call < calls; call++) void queue.add(async () => 'done');
  await queue.onIdle();
}
