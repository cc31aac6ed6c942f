'use client';
/** Owns that a card, or a renderer in it, which throws while rendering takes nothing else with it. */
import { Component, type ReactNode } from 'react';
import { renderText } from '../words/hidden-characters.tsx';
import { useToolCallLabels } from '../words/labels-provider.tsx';
import { useToolCallCard } from './context.tsx';

interface ToolCallBoundaryProps {
  /** What to show instead. */
  fallback: (error: unknown) => ReactNode;
  /** A new value tries again. */
  resetKey: unknown;
  children?: ReactNode;
}

interface ToolCallBoundaryState {
  failure: { error: unknown } | undefined;
  resetKey: unknown;
}

class ToolCallBoundary extends Component<ToolCallBoundaryProps, ToolCallBoundaryState> {
  override state: ToolCallBoundaryState = { failure: undefined, resetKey: this.props.resetKey };

  static getDerivedStateFromError(error: unknown): Partial<ToolCallBoundaryState> {
    return { failure: { error } };
  }

  static getDerivedStateFromProps(
    { resetKey }: ToolCallBoundaryProps,
    state: ToolCallBoundaryState,
  ): ToolCallBoundaryState | null {
    return resetKey === state.resetKey ? null : { failure: undefined, resetKey };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    return failure === undefined ? this.props.children : this.props.fallback(failure.error);
  }
}

/** The words of whatever was thrown. */
function describeThrown(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return '';
  }
}

/** Shows in words what its children failed with, until the call changes. */
export function CallBoundary({
  fallback,
  children,
}: {
  fallback: (text: ReactNode) => ReactNode;
  children: ReactNode;
}): ReactNode {
  const { call } = useToolCallCard();
  const labels = useToolCallLabels();
  return (
    <ToolCallBoundary
      resetKey={call}
      fallback={(error) => fallback(renderText(labels.renderFailed(describeThrown(error))))}
    >
      {children}
    </ToolCallBoundary>
  );
}
