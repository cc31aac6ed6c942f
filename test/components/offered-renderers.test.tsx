// What a component renders beside its tool: cards use it, with the state of the last render, and keep it when the component has gone.
import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';
import {
  clientTool,
  ToolCallGroup,
  ToolCallsProvider,
  useClientTool,
  type ToolCallRenderers,
} from 'use-parallel-tools';
import { z } from 'zod';
import { createBatch, createToolCalls, succeeded } from '../../stories/fixtures/tool-calls.ts';

const zoomTo = clientTool({
  inputSchema: z.object({ place: z.string() }),
  execute: ({ place }) => ({ place, distance: 12 }),
});

/** A view with a state of its own. */
function Distance({ place, distance, unit }: { place: string; distance: number; unit: string }) {
  const [isShort, setShort] = useState(false);
  return <button onClick={() => setShort(true)}>{isShort ? distance : `${place}: ${distance} ${unit}`}</button>;
}

function Map({ unit }: { unit: string }) {
  useClientTool('zoomTo', zoomTo, { render: { output: ({ output }) => <Distance {...output} unit={unit} /> } });
  return null;
}

function renderMap(renderers?: ToolCallRenderers) {
  const batch = createBatch(succeeded('zoomTo', { place: 'Oslo' }, { place: 'Oslo', distance: 12 }));
  const toolCalls = createToolCalls(batch);
  const page = (unit: string | undefined) => (
    <ToolCallsProvider value={toolCalls}>
      {unit !== undefined && <Map unit={unit} />}
      <ToolCallGroup batch={batch as never} defaultOpen renderers={renderers} />
    </ToolCallsProvider>
  );
  const view = render(page('km'));
  return { show: (unit: string | undefined) => view.rerender(page(unit)) };
}

const openCard = () => userEvent.click(screen.getByText('zoomTo'));

describe('a renderer beside a tool', () => {
  it('shows the output, and what its component renders now', async () => {
    const { show } = renderMap();
    await openCard();
    expect(screen.getByText('Oslo: 12 km')).toBeTruthy();
    show('mi');
    expect(screen.getByText('Oslo: 12 mi')).toBeTruthy();
  });

  it('keeps its own state while its component renders', async () => {
    const { show } = renderMap();
    await openCard();
    await userEvent.click(screen.getByText('Oslo: 12 km'));
    show('mi');
    expect(screen.getByText('12')).toBeTruthy();
  });

  it('shows old results when its component has gone', async () => {
    const { show } = renderMap();
    show(undefined);
    await openCard();
    expect(screen.getByText('Oslo: 12 km')).toBeTruthy();
  });

  it('gives way to the renderers of the group', async () => {
    renderMap({ zoomTo: { output: () => 'the group’s' } });
    await openCard();
    expect(screen.getByText('the group’s')).toBeTruthy();
  });
});
