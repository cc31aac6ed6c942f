/** Owns the story of a screen that brings its own tool and its own view of the result: the hook, a model and the cards in one page, no network. */
import type { Meta, StoryObj } from '@storybook/react-vite';
import { useState } from 'react';
import { expect, userEvent, within } from 'storybook/test';
import { z } from 'zod';
import {
  clientTool,
  groupMessageParts,
  ToolCallGroup,
  ToolCallsProvider,
  useClientTool,
  useParallelTools,
  useToolAvailability,
} from 'use-parallel-tools';
import { calls, says, ScriptedTransport } from 'use-parallel-tools/testing';
import { Sheet } from './fixtures/sheet.tsx';
import './fixtures/live-batch.css';

/** The map of the page: the model can move it while it is open. */
function MapScreen() {
  const [place, setPlace] = useState('Oslo');
  useClientTool(
    'zoomTo',
    clientTool({
      title: 'Show on the map',
      inputSchema: z.object({ place: z.string() }),
      idempotent: true,
      execute: (input) => {
        setPlace(input.place);
        return { from: place, to: input.place };
      },
    }),
    { render: { output: ({ output }) => <strong>{`${output.from} → ${output.to}`}</strong> } },
  );
  return <p>{`The map shows ${place}.`}</p>;
}

const places = ['Bergen', 'Tromsø'];

/** A model that shows the next place whenever it is asked, and then says what came of it. */
function createModel(): ScriptedTransport {
  let asked = 0;
  return new ScriptedTransport({
    script: ({ results }) => {
      if (results.length === 0) return calls(['zoomTo', { place: places[asked++ % places.length] }, `call-${asked}`]);
      const isFailed = results.some(({ errorText }) => errorText !== undefined);
      return says(isFailed ? 'Please open the map first.' : 'There it is.');
    },
  });
}

function Availability() {
  return useToolAvailability('zoomTo') ? 'The assistant can move the map.' : 'The map is closed.';
}

function Page() {
  const [transport] = useState(createModel);
  const [isOpen, setOpen] = useState(true);
  const chat = useParallelTools({ tools: {}, transport });
  return (
    <ToolCallsProvider value={chat.toolCalls}>
      <div className="live-batch">
        {isOpen && <MapScreen />}
        {chat.messages.map((message) =>
          groupMessageParts(message).map((group) => {
            if (group.type === 'tool-calls') return <ToolCallGroup key={group.key} batch={group.batch} />;
            return group.part.type === 'text' ? <p key={group.key}>{group.part.text}</p> : null;
          }),
        )}
        <div className="live-batch-bar">
          <button
            type="button"
            className="live-batch-run"
            disabled={chat.isBusy}
            onClick={() => void chat.sendMessage({ text: 'Another place, please' })}
          >
            Ask for a place
          </button>
          <button type="button" className="live-batch-run" onClick={() => setOpen(!isOpen)}>
            {isOpen ? 'Close the map' : 'Open the map'}
          </button>
          <span>
            <Availability />
          </span>
        </div>
      </div>
    </ToolCallsProvider>
  );
}

const meta = {
  title: 'Screen tools',
  component: Page,
  render: () => (
    <Sheet>
      <Page />
    </Sheet>
  ),
} satisfies Meta<typeof Page>;

export default meta;
type Story = StoryObj<typeof meta>;

/** The model moves the map, whose card shows the map's own view; once the map is closed, the model is told so. */
export const AMapBringsItsTool: Story = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await userEvent.click(canvas.getByRole('button', { name: 'Ask for a place' }));
    await canvas.findByText('There it is.');
    await expect(canvas.getByText('The map shows Bergen.')).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: /^1 tool/ }));
    await userEvent.click(canvas.getByRole('button', { name: /^Show on the map/ }));
    await expect(canvas.getByText('Oslo → Bergen')).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'Close the map' }));
    await expect(canvas.getByText('The map is closed.')).toBeVisible();
    await userEvent.click(canvas.getByRole('button', { name: 'Ask for a place' }));
    await canvas.findByText('Please open the map first.');
    await expect(canvas.getByText('Its part of the page is closed')).toBeVisible();
    await expect(canvas.getByText('Oslo → Bergen')).toBeVisible();
  },
};
