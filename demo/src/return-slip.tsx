// Owns the return slip: a form that customers fill in, or have filled in. While it is on the page, the model has its tools.
import { useState, type FormEvent } from 'react';
import { clientTool, useClientTool, useToolInput, type ToolCallOutputProps } from 'use-parallel-tools';
import { z } from 'zod';
import { pickupSchema, returnReasons, returnSlipSchema, type Pickup, type ReturnSlip as Slip } from '../return-slip.ts';
import { CloseIcon } from './icons.tsx';
import { changeSettings } from './settings.ts';
import { pause } from './tools.ts';
import './return-slip.css';

/** Fields that nobody has filled in are empty. */
type Fields = Record<keyof Slip, string>;

const empty: Fields = { orderId: '', reason: '', pickUpOn: '', address: '', note: '' };
const labels: Fields = { orderId: 'Order', reason: 'Reason', pickUpOn: 'Pick up on', address: 'Address', note: 'Note' };
const names = Object.keys(labels) as (keyof Slip)[];
/** What both tools and the customer write. */
const locks = () => ({ write: ['return-slip'] });

export function ReturnSlip() {
  const [fields, setFields] = useState(empty);
  const [pickup, setPickup] = useState<Pickup>();

  async function book(signal?: AbortSignal): Promise<Pickup> {
    const missing = names.filter((name) => name !== 'note' && fields[name] === '');
    if (missing.length > 0) throw new Error(`The slip lacks: ${missing.map((name) => labels[name]).join(', ')}.`);
    await pause(500, signal);
    const { orderId, pickUpOn, address } = fields;
    const booked = { pickupId: `PU-${orderId}`, pickUpOn, address };
    setPickup(booked);
    return booked;
  }

  async function takeBack(signal?: AbortSignal): Promise<void> {
    await pause(500, signal);
    setPickup(undefined);
  }

  useClientTool(
    'fillReturnSlip',
    clientTool({
      title: 'Fill in the return slip',
      description: 'Fills in fields of the return slip that the customer looks at. Leave out what you do not know.',
      inputSchema: returnSlipSchema.partial(),
      idempotent: true,
      locks,
      execute(input) {
        setFields({ ...fields, ...input });
        return { filled: input, before: fields };
      },
      undo: (_, { before }) => setFields(before),
    }),
    { render: { output: FilledFields } },
  );
  useClientTool(
    'bookPickup',
    clientTool({
      title: 'Book the pickup',
      description: 'Has the courier come for what the return slip says. Fill it in first. The page asks the customer.',
      inputSchema: z.object({}),
      outputSchema: pickupSchema,
      approval: true,
      locks,
      execute: (_, { abortSignal }) => book(abortSignal),
      undo: (_, __, { abortSignal }) => takeBack(abortSignal),
    }),
    { render: { output: ({ output }) => <p className="slip-booked">{sayPickup(output)}</p> } },
  );

  const written = useToolInput<Slip>({ toolName: 'fillReturnSlip' });
  const isWriting = written?.status === 'streaming';
  const shown = isWriting ? { ...fields, ...readWritten(written.input) } : fields;
  const isFixed = isWriting || pickup !== undefined;
  const field = (name: keyof Slip) => ({
    'aria-label': labels[name],
    value: shown[name],
    disabled: pickup !== undefined,
    // What has just come is marked until the model has written all of it.
    'data-written': isWriting && shown[name] !== fields[name] ? '' : undefined,
    onChange: ({ target }: { target: { value: string } }) => {
      if (!isFixed) setFields({ ...fields, [name]: target.value });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void (pickup === undefined ? book() : takeBack());
  };

  return (
    <aside className="slip" aria-label="Return slip">
      <header>
        <h2>Return slip</h2>
        <button
          type="button"
          className="icon-button"
          aria-label="Close the return slip"
          title="Close"
          onClick={() => changeSettings({ returnSlip: false })}
        >
          <CloseIcon />
        </button>
      </header>
      <form aria-label="Return slip" aria-busy={isWriting} onSubmit={submit}>
        <label className="is-half">
          {labels.orderId}
          <input required inputMode="numeric" {...field('orderId')} />
        </label>
        <label className="is-half">
          {labels.reason}
          <select required {...field('reason')}>
            <option value="">choose …</option>
            {returnReasons.map((reason) => (
              <option key={reason}>{reason}</option>
            ))}
          </select>
        </label>
        <label className="is-half">
          {labels.pickUpOn}
          <input required type="date" {...field('pickUpOn')} />
        </label>
        <label>
          {labels.address}
          <input required autoComplete="street-address" {...field('address')} />
        </label>
        <label>
          {labels.note}
          <textarea rows={3} {...field('note')} />
        </label>
        <footer>
          <p role="status">{isWriting ? 'Larkfield is writing …' : pickup && sayPickup(pickup)}</p>
          <button type="submit" className="button" disabled={isWriting}>
            {pickup === undefined ? 'Book the pickup' : 'Cancel the pickup'}
          </button>
        </footer>
      </form>
    </aside>
  );
}

/** Half a date or half a reason is none yet. */
function readWritten(input: Partial<Record<keyof Slip, unknown>> = {}): Partial<Fields> {
  const isWhole = (name: keyof Slip, value: unknown): value is string => {
    if (name === 'reason') return returnReasons.some((reason) => reason === value);
    if (name === 'pickUpOn') return /^\d{4}-\d\d-\d\d$/.test(String(value));
    return typeof value === 'string';
  };
  return Object.fromEntries(names.flatMap((name) => (isWhole(name, input[name]) ? [[name, input[name]]] : [])));
}

function sayPickup({ pickupId, pickUpOn }: Pickup): string {
  const day = new Date(`${pickUpOn}T12:00`).toLocaleDateString('en-GB', { day: 'numeric', month: 'long' });
  return `Pickup ${pickupId} on ${day}`;
}

/** What a call has filled in, on its card. */
function FilledFields({ output }: ToolCallOutputProps<unknown, { filled: Partial<Slip> }>) {
  return (
    <dl className="slip-filled">
      {names.map((name) =>
        output.filled[name] === undefined ? null : (
          <div key={name}>
            <dt>{labels[name]}</dt>
            <dd>{output.filled[name]}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
