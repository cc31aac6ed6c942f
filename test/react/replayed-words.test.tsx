// What was said of a call before the connection was lost, or the page left, and what its replay knows of that.
import type { UIMessage } from 'ai';
import { describe, expect, it } from 'vitest';
import { denied, drainFrames, lastPart, openAll, refused, requested } from '../harness/final-words.ts';
import { CHAT_WAYS, drain, partStates, renderChat } from '../harness/render-chat.tsx';
import { isAiSdk6 } from '../harness/sdk-version.ts';

describe.each(CHAT_WAYS)('a replay (%s)', (way) => {
  /** A read that runs and a write that waits for the end. */
  async function begin() {
    const hand = openAll();
    // What it makes of an output is kept for as long as that is the output.
    const plugins = [{ name: 'copy', toModel: (_: unknown, output: unknown) => output }];
    const rendered = renderChat({ tools: hand.tools, plugins }, { way });
    const response = await rendered.ask();
    response.start('m').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 });
    await drain();
    return {
      ...hand,
      ...rendered,
      response,
      async resume() {
        rendered.transport.offerResume();
        void rendered.chat().resumeStream();
        await drain();
        return rendered.transport.resumable!.start('m').call('r', 'read', { n: 1 }).call('w', 'write', { n: 2 });
      },
    };
  }

  it('leaves a call what the page has answered in place of its result', async () => {
    const { chat, call, reads, writes, response, resume, transport } = await begin();
    response.fail(new TypeError('network error'));
    reads[0]!.resolve('the tool says');
    await drain();
    void chat().addToolOutput({ tool: 'read', toolCallId: 'r', output: 'the page says' } as never);
    await drainFrames();
    (await resume()).finish();
    await drainFrames();
    writes[0]!.resolve(2);
    const followUp = await transport.next();
    expect(followUp.messages.at(-1)!.parts).toContainEqual(expect.objectContaining({ output: 'the page says' }));
    expect(call('r')).toMatchObject({ output: 'the page says', answeredBy: 'page' });
    expect(reads).toHaveLength(1);
  });

  describe('of an answer that was loaded', () => {
    function load(part: object) {
      const hand = openAll();
      const parts = [{ type: 'step-start' }, { toolCallId: 'c', input: { n: 1 }, ...part }] as UIMessage['parts'];
      const messages: UIMessage[] = [
        { id: 'u', role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
        { id: 'm', role: 'assistant', parts },
      ];
      const rendered = renderChat({ tools: hand.tools, messages }, { way });
      rendered.transport.offerResume();
      return { ...hand, ...rendered, resumed: rendered.transport.resumable! };
    }

    it.each(['read', 'write'])('runs a %s no more that had its result', async (toolName) => {
      const state = { state: 'output-available', output: 'from before' };
      const { chat, reads, writes, resumed, transport } = load({ type: `tool-${toolName}`, ...state });
      await drain();
      void chat().resumeStream();
      resumed.start('m').call('c', toolName, { n: 1 }).finish();
      expect(lastPart((await transport.next()).messages)).toMatchObject(state);
      expect([reads.length, writes.length]).toEqual([0, 0]);
    });

    it('tells what the page had answered, though the server denies what comes beside it', async () => {
      const state = { state: 'output-error', errorText: 'the page gave up' };
      const { chat, resumed, transport } = load({ type: 'tool-read', ...state });
      await drain();
      void chat().resumeStream();
      resumed.start('m').call('c', 'read', { n: 1 });
      await drain();
      resumed.call('d', 'read', { n: 2 }).write(denied('d')).finish();
      expect(partStates((await transport.next()).messages)).toEqual(['c: output-error', 'd: output-error']);
    });

    it.skipIf(isAiSdk6)(
      'sends nothing where the server has denied what it asked itself about its own call',
      async () => {
        const asked = { state: 'approval-requested', approval: { id: 'approval-c', isAutomatic: true } };
        const { chat, resumed, transport } = load({ type: 'tool-serverTool', ...asked });
        await drain();
        void chat().resumeStream();
        resumed.start('m').call('c', 'serverTool', { n: 1 }).write(requested('c'), refused('c'), denied('c'));
        resumed.text('I may not').finish('stop');
        await drainFrames();
        expect(partStates(chat().messages)).toEqual(['c: output-denied']);
        expect(transport.responses).toHaveLength(0);
      },
    );
  });
});
