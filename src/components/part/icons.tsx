/** Owns the drawings: 16 by 16, stroke 1.5, in the colour of the text. Outlined ones watch, filled ones need a person or failed. */
import type { ReactNode } from 'react';
import type { CardStatus } from './attributes.ts';

const line = {
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 1.5,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const;
/** What the element of every drawing has: its own size, since a page may have no stylesheet of ours. */
export const drawingAttributes = { viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': true } as const;
/** What is drawn on a filled shape. */
const glyph = { ...line, stroke: 'var(--tool-call-icon-glyph, Canvas)' };

const ring = <circle cx="8" cy="8" r="6.25" />;
const disc = <circle cx="8" cy="8" r="7" fill="currentColor" />;

const drawings: Record<Exclude<CardStatus, 'running'>, ReactNode> = {
  'input-streaming': (
    <g fill="currentColor">
      <circle cx="3.25" cy="8" r="1.25" />
      <circle cx="8" cy="8" r="1.25" />
      <circle cx="12.75" cy="8" r="1.25" />
    </g>
  ),
  queued: (
    <circle
      {...line}
      strokeLinecap="butt"
      cx="8"
      cy="8"
      r="6.25"
      pathLength="16"
      strokeDasharray="0.95 1.05"
      strokeDashoffset="0.475"
    />
  ),
  'awaiting-approval': (
    <>
      <path
        fill="currentColor"
        d="M6.6.8a2 2 0 0 1 2.8 0l5.8 5.8a2 2 0 0 1 0 2.8l-5.8 5.8a2 2 0 0 1-2.8 0L.8 9.4a2 2 0 0 1 0-2.8z"
      />
      <path {...glyph} d="M6.4 6.3a1.65 1.65 0 1 1 2.45 1.6C8.25 8.25 8 8.6 8 9.1M8 11.25v0" />
    </>
  ),
  'awaiting-input': (
    <>
      <rect x="1.75" y="1.75" width="12.5" height="12.5" rx="3" fill="currentColor" />
      <path {...glyph} strokeWidth={1.25} d="m5 11 .5-2.25L9.4 4.9a1.2 1.2 0 0 1 1.7 1.7L7.25 10.5z" />
    </>
  ),
  retrying: (
    <g {...line}>
      <path d="M14 8a6 6 0 1 1-1.8-4.3L14 5.45" />
      <path d="M14 2v3.45h-3.45" />
    </g>
  ),
  succeeded: (
    <g {...line}>
      {ring}
      <path d="M5.4 8.15 7.25 10l3.35-3.85" />
    </g>
  ),
  failed: (
    <>
      {disc}
      <path {...glyph} d="m5.75 5.75 4.5 4.5M10.25 5.75l-4.5 4.5" />
    </>
  ),
  denied: (
    <g {...line}>
      {ring}
      <path d="m3.6 3.6 8.8 8.8" />
    </g>
  ),
  cancelled: (
    <>
      <g {...line}>{ring}</g>
      <rect x="5.75" y="5.75" width="4.5" height="4.5" rx="0.75" fill="currentColor" />
    </>
  ),
  interrupted: (
    <>
      {disc}
      <path {...glyph} d="M6.5 5.75v4.5M9.5 5.75v4.5" />
    </>
  ),
};

/** The sign of a status. A running ring fills up to `--tool-call-fraction`; an unknown fraction is an arc that turns. */
export function StatusDrawing({ status, isFilling = false }: { status: CardStatus; isFilling?: boolean }): ReactNode {
  if (status !== 'running') return drawings[status];
  return (
    <g {...line}>
      <g opacity="0.28">{ring}</g>
      {isFilling ? (
        <circle
          cx="8"
          cy="8"
          r="6.25"
          pathLength="100"
          transform="rotate(-90 8 8)"
          style={{ strokeDasharray: 'calc(var(--tool-call-fraction, 0) * 100) 100' }}
        />
      ) : (
        <path d="M8 1.75A6.25 6.25 0 0 1 14.25 8" />
      )}
    </g>
  );
}

/** In place of the sign of a call that is being undone, or was. */
export const undoDrawing: ReactNode = <path {...line} d="M5.5 3 2.5 6l3 3M2.5 6h7.25a3.75 3.75 0 0 1 0 7.5H6" />;

export const chevronDrawing: ReactNode = <path {...line} d="M4.5 6.25 8 9.75l3.5-3.5" />;

export const copyDrawing: ReactNode = (
  <g {...line}>
    <rect x="5.75" y="5.75" width="7.5" height="7.5" rx="1.5" />
    <path d="M10.25 3.5A1.25 1.25 0 0 0 9 2.75H4A1.25 1.25 0 0 0 2.75 4v5A1.25 1.25 0 0 0 3.5 10.15" />
  </g>
);

export const copiedDrawing: ReactNode = <path {...line} d="M3.5 8.5 6.5 11.5l6-7" />;

export const infoDrawing: ReactNode = (
  <g {...line}>
    {ring}
    <path d="M8 7.5v3.25M8 5.25v0" />
  </g>
);

export const warningDrawing: ReactNode = (
  <g {...line}>
    <path d="M7.1 2.8a1.05 1.05 0 0 1 1.8 0l5.15 9.1a1.05 1.05 0 0 1-.9 1.6H2.85a1.05 1.05 0 0 1-.9-1.6z" />
    <path d="M8 6.25v3M8 11.4v0" />
  </g>
);
