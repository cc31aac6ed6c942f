// Owns: how long a batch of tool calls takes on a real chat stream, from the user's message to the arrival of all results at the server.
import { startChatServer, type ChatServer, type Order } from '../chat-server.ts';
import type { BenchCase, Goal, Probe } from '../bench-case.ts';
import { awaitInOnToolCall } from '../contenders/await-in-on-tool-call.ts';
import type { ChatContender } from '../contenders/chat-contender.ts';
import { parallelTools } from '../contenders/use-parallel-tools.ts';
import { mountPage } from '../page.ts';
import { showFigure } from '../table.ts';

const milliseconds = 100;
const rivals = [awaitInOnToolCall];

export const batchLatency: BenchCase = {
  name: 'batch-latency',
  title: `Eight calls of ${milliseconds} ms: from the user's message until the server has every result`,
  rounds: { full: 10, quick: 3 },
  async open() {
    const server = await startChatServer();
    const probe = (contender: ChatContender, calls: number): Probe => ({
      contender: contender.name,
      what: calls === 1 ? 'one call' : `${calls} calls`,
      unit: 'ms',
      sample: () => measureBatch(server, contender, { calls, milliseconds }),
    });
    const rows = [parallelTools, ...rivals].map((contender) => ({
      contender,
      one: probe(contender, 1),
      eight: probe(contender, 8),
    }));
    return {
      probes: rows.flatMap(({ one, eight }) => [one, eight]),
      judge(figureOf) {
        const ratios = rows.map(({ contender, one, eight }) => ({
          contender,
          ratio: figureOf(eight).median / figureOf(one).median,
        }));
        const table = rows.map(({ contender, one, eight }, index) => [
          contender.name,
          showFigure(figureOf(one), 'ms'),
          showFigure(figureOf(eight), 'ms'),
          ratios[index]!.ratio.toFixed(2),
          `${((100 * milliseconds) / figureOf(eight).median).toFixed(1)} %`,
        ]);
        return {
          table: [['', 'one call', 'eight calls', 'eight ÷ one', 'share of the limit'], ...table],
          goals: ratios.map(toGoal),
        };
      },
      close: () => server.close(),
    };
  },
};

function toGoal({ contender, ratio }: { contender: ChatContender; ratio: number }): Goal {
  const name = `eight calls ÷ one call, ${contender.name}`;
  if (contender === parallelTools) return { name, value: ratio, target: '< 1.3', met: ratio < 1.3 };
  // The measure of the measurement: a run in which the serial pattern were not serial would prove nothing.
  return { name, value: ratio, target: '> 6', met: ratio > 6 };
}

/** One batch in a new chat. */
async function measureBatch(server: ChatServer, contender: ChatContender, order: Order): Promise<number> {
  const page = await mountPage(() => contender.useChat(server.url));
  const followUp = server.nextFollowUp();
  const start = performance.now();
  void page.chat().sendMessage({ text: 'Go' }, { body: order });
  const { at, results } = await followUp;
  await page.answered();
  page.unmount();
  if (results !== order.calls) {
    throw new Error(`Expected ${contender.name} to send ${order.calls} results at once, got ${results}.`);
  }
  return at - start;
}
