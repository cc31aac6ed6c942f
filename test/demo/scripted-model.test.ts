// Owns: the demo's scripted model, asked as the AI SDK asks it.
import type {
  LanguageModelV4Prompt,
  LanguageModelV4StreamPart,
  LanguageModelV4ToolResultOutput,
} from '@ai-sdk/provider';
import { describe, expect, it } from 'vitest';
import { createScriptedModel } from '../../demo/server/scripted-model.ts';
import { prompts } from '../../demo/src/prompts.ts';

interface Call {
  toolName: string;
  input: unknown;
}

const model = createScriptedModel({ pace: 0 });

const says = (text: string): LanguageModelV4Prompt[number] => ({ role: 'user', content: [{ type: 'text', text }] });

async function stream(prompt: LanguageModelV4Prompt): Promise<LanguageModelV4StreamPart[]> {
  const { stream: parts } = await model.doStream({ prompt });
  return await Array.fromAsync(parts);
}

async function ask(prompt: LanguageModelV4Prompt): Promise<{ text: string; calls: Call[] }> {
  const parts = await stream(prompt);
  return {
    text: parts.map((part) => (part.type === 'text-delta' ? part.delta : '')).join(''),
    calls: parts.flatMap((part) =>
      part.type === 'tool-call' ? [{ toolName: part.toolName, input: JSON.parse(part.input) as unknown }] : [],
    ),
  };
}

type Answer = (call: Call) => unknown;

/** The prompt after the calls were answered; an Error becomes an error result. */
function answered(prompt: LanguageModelV4Prompt, calls: Call[], answer: Answer): LanguageModelV4Prompt {
  const ids = calls.map((_, index) => `call-${prompt.length}-${index}`);
  const outputOf = (call: Call): LanguageModelV4ToolResultOutput => {
    const value = answer(call);
    if (value instanceof Error) return { type: 'error-text', value: value.message };
    return { type: 'json', value: JSON.parse(JSON.stringify(value)) as never };
  };
  return [
    ...prompt,
    {
      role: 'assistant',
      content: calls.map((call, index) => ({ type: 'tool-call', toolCallId: ids[index] ?? '', ...call })),
    },
    {
      role: 'tool',
      content: calls.map((call, index) => ({
        type: 'tool-result',
        toolCallId: ids[index] ?? '',
        toolName: call.toolName,
        output: outputOf(call),
      })),
    },
  ];
}

const euro = (amount: number) => ({ amount, currency: 'EUR' });
const today = new Date().toISOString().slice(0, 10);

const shopAnswer: Answer = ({ toolName, input }) => {
  // SAFETY: the inputs that these tests' own questions lead to.
  const fields = input as Record<string, string> & { amount: number };
  const berlin = { street: 'Torstraße 8', postalCode: '10119', city: 'Berlin', country: 'DE' };
  switch (toolName) {
    case 'getOrderStatus':
      return {
        orderId: fields['orderId'],
        status: 'delivered',
        placedOn: today,
        deliveredOn: today,
        items: [
          { sku: 'trail-runner', name: 'Trail Runner', category: 'footwear', size: '42', price: euro(129) },
          { sku: 'merino-socks', name: 'Merino Socks', category: 'clothing', size: 'M', price: euro(18) },
        ],
        total: euro(147),
        refunded: euro(0),
        shipTo: berlin,
      };
    case 'getReturnPolicy':
      return { ...fields, days: 30, condition: 'unworn', shippingCost: euro(0) };
    case 'verifyShippingAddress':
      return { deliverable: true, address: fields };
    case 'checkInventory':
      return { ...fields, name: 'Trail Runner', quantity: fields['size'] === '43' ? 4 : 0, restockOn: '2030-01-02' };
    case 'convertCurrency':
      return { ...fields, rate: 1.1632, converted: Math.round(fields.amount * 116.32) / 100, asOf: today };
    default:
      return {
        refundId: 'R-1',
        orderId: fields['orderId'],
        amount: euro(fields.amount),
        status: 'booked',
        progress: 1,
      };
  }
};

const names = (calls: Call[]) => calls.map(({ toolName }) => toolName);
const wholeCase = prompts[0]?.text ?? '';

describe('scripted model', () => {
  it('calls everything that the whole case needs in one step', async () => {
    const { calls, text } = await ask([says(wholeCase)]);
    expect(names(calls)).toEqual([
      'getOrderStatus',
      'getReturnPolicy',
      'checkInventory',
      'checkInventory',
      'verifyShippingAddress',
      'convertCurrency',
    ]);
    expect(calls.map(({ input }) => input)).toEqual([
      { orderId: '1042' },
      { country: 'DE', category: 'footwear' },
      { sku: 'trail-runner', size: '43' },
      { sku: 'trail-runner', size: '44' },
      { street: 'Torstraße 12', postalCode: '10119', city: 'Berlin', country: 'DE' },
      { amount: 129, from: 'EUR', to: 'USD' },
    ]);
    expect(text).toContain('at the same time');
  });

  it('streams each input in pieces that make up the call', async () => {
    const parts = await stream([says(wholeCase)]);
    for (const call of parts.filter((part) => part.type === 'tool-call')) {
      const deltas = parts.flatMap((part) =>
        part.type === 'tool-input-delta' && part.id === call.toolCallId ? [part.delta] : [],
      );
      expect(deltas.join('')).toBe(call.input);
    }
    expect(parts.at(-1)).toMatchObject({ type: 'finish', finishReason: { unified: 'tool-calls' } });
  });

  it('says what is missing and why when a tool failed, and the rest from the results', async () => {
    const prompt = [says(wholeCase)];
    const { calls } = await ask(prompt);
    const { text, calls: more } = await ask(
      answered(prompt, calls, (call) =>
        call.toolName === 'convertCurrency' ? new Error('Exchange rates are down (503).') : shopAnswer(call),
      ),
    );
    expect(more).toEqual([]);
    expect(text).toContain('Order 1042 (Trail Runner in 42 and Merino Socks in M) was delivered');
    expect(text).toContain('in stock in 43 (4 left); 44 is sold out until 2 January');
    expect(text).toContain('We can deliver to Torstraße 12, 10119 Berlin.');
    expect(text).toContain('I could not convert €129.00 to US dollars: exchange rates are down (503).');
    expect(text).toContain('Retry that call');
  });

  it('answers completely once the failed call has succeeded', async () => {
    const prompt = [says(wholeCase)];
    const { calls } = await ask(prompt);
    const { text } = await ask(answered(prompt, calls, shopAnswer));
    expect(text).toContain('€129.00 is $150.05 (1 EUR is 1.1632 USD) today.');
    expect(text).not.toMatch(/could not|Retry/);
  });

  it('looks the order and the policy up before it refunds, and refunds each item in one step', async () => {
    const prompt = [says(prompts[2]?.text ?? '')];
    const first = await ask(prompt);
    expect(names(first.calls)).toEqual(['getOrderStatus', 'getReturnPolicy']);
    const afterLookup = answered(prompt, first.calls, shopAnswer);
    const second = await ask(afterLookup);
    expect(second.calls.map(({ toolName, input }) => ({ toolName, input }))).toMatchObject([
      { toolName: 'refundOrder', input: { orderId: '1042', amount: 129 } },
      { toolName: 'refundOrder', input: { orderId: '1042', amount: 18 } },
    ]);
    const { text, calls } = await ask(answered(afterLookup, second.calls, shopAnswer));
    expect(calls).toEqual([]);
    expect(text).toContain('I refunded €129.00 for order 1042 (R-1) and €18.00 for order 1042 (R-1).');
  });

  it('says that it refunded nothing when the customer declined', async () => {
    const prompt = [says('Please refund order 1042, the shoes pinch.')];
    const first = await ask(prompt);
    const afterLookup = answered(prompt, first.calls, shopAnswer);
    const second = await ask(afterLookup);
    const { text } = await ask(answered(afterLookup, second.calls, () => new Error('The user said no')));
    expect(text).toContain('I did not refund €147.00 for order 1042, as you declined.');
    expect(text).not.toContain('Retry');
  });

  it('does not refund when the policy could not be read', async () => {
    const prompt = [says('Please refund order 1042, the shoes pinch.')];
    const { calls } = await ask(prompt);
    const afterLookup = answered(prompt, calls, (call) =>
      call.toolName === 'getReturnPolicy' ? new Error('The shop answered 500.') : shopAnswer(call),
    );
    const { calls: more, text } = await ask(afterLookup);
    expect(more).toEqual([]);
    expect(text).toContain('I could not read the return policy');
  });

  it('converts an order’s total once it knows it', async () => {
    const prompt = [says('What did order 1042 cost in pounds?')];
    const first = await ask(prompt);
    expect(names(first.calls)).toEqual(['getOrderStatus']);
    const second = await ask(answered(prompt, first.calls, shopAnswer));
    expect(second.calls).toEqual([{ toolName: 'convertCurrency', input: { amount: 147, from: 'EUR', to: 'GBP' } }]);
  });

  it('understands “it” as the order that was spoken of last', async () => {
    const prompt = [says('Where is order 1042?')];
    const { calls } = await ask(prompt);
    const { calls: next } = await ask([...answered(prompt, calls, shopAnswer), says('Can I return it?')]);
    expect(next).toEqual([{ toolName: 'getOrderStatus', input: { orderId: '1042' } }]);
  });

  it.each([
    ['Where are orders 1042, 1057 and 1031?', ['getOrderStatus', 'getOrderStatus', 'getOrderStatus']],
    ['Is the Rain Shell available in M or L?', ['checkInventory', 'checkInventory']],
    ['What is 1,299.50 EUR in yen and Swiss francs?', ['convertCurrency', 'convertCurrency']],
    ['How much is $50 in euros?', ['convertCurrency']],
    ['Can you deliver to Kärntner Straße 21, 1010 Wien?', ['verifyShippingAddress']],
    ['How long can I return shoes?', ['getReturnPolicy']],
    ['Would you refund people in general?', []],
    ['Good morning', []],
    ['', []],
  ])('reads %j', async (question, expected) => {
    const { calls, text } = await ask([says(question)]);
    expect(names(calls)).toEqual(expected);
    expect(text).not.toBe('');
  });

  it('reads an amount with its separators', async () => {
    const { calls } = await ask([says('What is 1,299.50 EUR in yen?')]);
    expect(calls[0]?.input).toEqual({ amount: 1299.5, from: 'EUR', to: 'JPY' });
  });

  it('ends its stream when it is aborted', async () => {
    const { stream: parts } = await createScriptedModel().doStream({
      prompt: [says(wholeCase)],
      abortSignal: AbortSignal.abort(),
    });
    await expect(Array.fromAsync(parts)).rejects.toThrow('abort');
  });
});
