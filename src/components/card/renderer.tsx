'use client';
/** Owns what a page shows of a tool in its own way: which of the tool's components there is for a call, and what happens when that throws. */
import { createElement, useContext, type FunctionComponent, type ReactNode } from 'react';
import type { ToolCallRenderer, ToolCallRenderers } from '../../react/renderers.ts';
import { useOfferedRenderer } from '../../react/use-offered-renderer.ts';
import { FoldedContext } from '../part/use-page-search.ts';
import { inputOf } from '../words/input-of.ts';
import { hasOutput } from './body.tsx';
import { CallBoundary } from './boundary.tsx';
import { useToolCallCard } from './context.tsx';

export interface ToolCallCardRendererProps {
  /** Which of the tool's own components. */
  of: keyof ToolCallRenderer;
  /** Your own components, by the name of the tool. One that a component offers with its tool is found by itself. */
  renderers?: ToolCallRenderers | undefined;
  /** Puts it in its place. Gets nothing where the tool has no such component; where that threw, its error stands above. */
  children: (rendered?: ReactNode) => ReactNode;
}

/** A tool's own component for its input, output, answer or correction, in a card of your own. It has no element. */
export function ToolCallCardRenderer({ of, renderers, children }: ToolCallCardRendererProps): ReactNode {
  const { call, respond, skip, submitInput, setEditing } = useToolCallCard();
  // What an app renders itself may cost anything, and is not for cards that nobody has opened.
  const isFolded = useContext(FoldedContext);
  const offered = useOfferedRenderer(call.toolName);
  const isThere = of === 'output' ? hasOutput(call) : call.input !== undefined || call.status === 'input-streaming';
  const component = isFolded || !isThere ? undefined : (renderers?.[call.toolName] ?? offered)?.[of];
  if (component === undefined) return children();
  const shown = { call, input: inputOf(call) };
  const props = {
    input: shown,
    output: { ...shown, output: 'output' in call ? call.output : undefined },
    respond: { ...shown, respond, skip },
    edit: { call, input: call.input, submit: submitInput, back: () => setEditing(false) },
  } satisfies Record<keyof ToolCallRenderer, object>;
  // SAFETY: the renderer's props are the app's claim about its own tool.
  const rendered = createElement(component as FunctionComponent<object>, props[of]);
  return <RendererBoundary fallback={children()}>{children(rendered)}</RendererBoundary>;
}

/** A renderer that throws costs itself only: what it failed with, and the value as it would be shown without it. */
function RendererBoundary({ fallback, children }: { fallback: ReactNode; children: ReactNode }): ReactNode {
  return (
    <CallBoundary
      fallback={(text) => (
        <>
          <div data-slot="tool-call-card-error" role="alert">
            <span data-slot="tool-call-card-message">{text}</span>
          </div>
          {fallback}
        </>
      )}
    >
      {children}
    </CallBoundary>
  );
}
