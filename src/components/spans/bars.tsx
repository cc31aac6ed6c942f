'use client';
/** Owns the drawing of bars, which timelines and a card's attempts share: solid works, hatched waits, dotted backs off, hollow failed. */
import type { CSSProperties, ReactNode } from 'react';
import { StatusDrawing } from '../part/icons.tsx';
import type { RequestLink } from './requests.ts';
import type { TimelineSpan } from './spans.ts';

/** From and to, as fractions of the track. */
export function spanStyle(from: number, to: number): CSSProperties {
  return { '--tool-call-from': from, '--tool-call-to': to } as CSSProperties; // SAFETY: React's style type does not know custom properties.
}

/** A bar a span. @selector [data-slot="tool-call-timeline-bar"] @selector [data-outcome="failed"] @selector [data-live] */
export function renderBars(
  spans: readonly (Omit<TimelineSpan, 'phase'> & { readonly phase: string })[],
  place: (at: number) => number,
): ReactNode[] {
  return spans.map((span, index) => (
    <span
      key={index}
      data-slot="tool-call-timeline-bar"
      data-phase={span.phase}
      {...(span.outcome && { 'data-outcome': span.outcome })}
      {...(span.isLive && { 'data-live': '' })}
      style={spanStyle(place(span.from), place(span.to))}
    >
      {span.outcome === 'failed' && (
        <svg data-slot="tool-call-timeline-mark" viewBox="0 0 16 16" width="12" height="12">
          <StatusDrawing status="failed" />
        </svg>
      )}
    </span>
  ));
}

/**
 * What joins the bars of a request to one, behind them. @selector [data-slot="tool-call-timeline-request"]
 * @selector [data-edge="start"] @selector [data-edge="middle"] @selector [data-edge="end"] @selector [data-edge="through"]
 */
export function renderRequests(
  links: readonly RequestLink[],
  spans: readonly TimelineSpan[],
  place: (at: number) => number,
): ReactNode[] {
  return links.map(({ at, edge }) => {
    const to = spans.find(({ phase, from }) => phase === 'running' && from === at)?.to ?? at;
    return (
      <span
        key={at}
        data-slot="tool-call-timeline-request"
        data-edge={edge}
        style={spanStyle(place(at), place(edge === 'through' ? at : to))}
      />
    );
  });
}
