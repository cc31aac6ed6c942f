'use client';
/** Owns the floating button and the frame of the panel: docked at the bottom or the side, or in a window of its own. The panel itself is loaded when it is first opened. */
import {
  lazy,
  Suspense,
  useEffect,
  useState,
  useSyncExternalStore,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
} from 'react';
import { createPortal } from 'react-dom';
import { systemClock, type CancelTimer } from '../core/clock.ts';
import css from './devtools.css?inline';
import { getPageRecorder, holdPageRecorder, type PageRecorder } from './page-recorder.ts';
import { limitSize, loadPlacement, savePlacement, type Dock, type Placement } from './placement.ts';
import { connectReduxDevTools } from './redux-dev-tools.ts';
import { adoptStyles, openShadow, ShadowHost } from './shadow-host.tsx';

export interface ToolCallsDevtoolsProps {
  /** Whether the panel is open the first time; later it is as it was left. @default false */
  initialIsOpen?: boolean | undefined;
  /** Where the panel is docked the first time. @default 'bottom' */
  initialDock?: Dock | undefined;
  /** In which corner the button floats. @default 'bottom-right' */
  buttonPosition?: 'bottom-right' | 'bottom-left' | 'top-right' | 'top-left' | undefined;
  /** @default 'system' */
  theme?: 'light' | 'dark' | 'system' | undefined;
  /** For browsers without constructable stylesheets under a strict CSP. */
  styleNonce?: string | undefined;
  /** Tells the Redux DevTools extension of each event. @default false */
  reduxDevTools?: boolean | undefined;
}

export type ToolCallsDevtoolsPanelProps = Pick<ToolCallsDevtoolsProps, 'theme' | 'styleNonce' | 'reduxDevTools'>;

const Panel = /* @__PURE__ */ lazy(async () => {
  const { Panel: loaded } = await import('./panel/panel.tsx');
  return { default: loaded };
});

/** The button, and the panel that it opens. */
export function Devtools(props: ToolCallsDevtoolsProps): ReactNode {
  const recorder = usePageRecorder(props.reduxDevTools);
  if (recorder === undefined) return null;
  return (
    <ShadowHost>
      <Frame {...props} recorder={recorder} />
    </ShadowHost>
  );
}

function Frame(props: ToolCallsDevtoolsProps & { recorder: PageRecorder }): ReactNode {
  const { recorder, initialIsOpen, initialDock, buttonPosition = 'bottom-right', theme = 'system', styleNonce } = props;
  const [placement, setPlacement] = useState(() => loadPlacement({ isOpen: initialIsOpen, dock: initialDock }));
  const change = (next: Partial<Placement>) => {
    const changed = { ...placement, ...next };
    setPlacement(changed);
    savePlacement(changed);
  };
  const adopt = (element: HTMLElement | null) => {
    if (element !== null) adoptStyles(element.getRootNode(), css, styleNonce);
  };
  const { isOpen, dock } = placement;
  const panel = (
    <Suspense fallback={null}>
      <Panel
        recorder={recorder}
        theme={theme}
        styleNonce={styleNonce}
        controls={<Controls dock={dock} onChange={change} />}
      />
    </Suspense>
  );
  return (
    <div ref={adopt} className="frame" data-theme={theme}>
      {!isOpen && (
        <button
          type="button"
          className="open"
          data-corner={buttonPosition}
          aria-label="Open the tool calls devtools"
          onClick={() => change({ isOpen: true })}
        >
          <span className="bars" aria-hidden="true" />
        </button>
      )}
      {isOpen && dock !== 'window' && (
        <Docked placement={placement} onChange={change}>
          {panel}
        </Docked>
      )}
      {isOpen && dock === 'window' && (
        <OwnWindow
          onClose={() => change({ dock: 'bottom', isOpen: false })}
          onRefused={() => change({ dock: 'bottom' })}
        >
          {panel}
        </OwnWindow>
      )}
    </div>
  );
}

/** The panel alone, as tall and wide as what holds it. */
export function DevtoolsPanel({ theme = 'system', styleNonce, reduxDevTools }: ToolCallsDevtoolsPanelProps): ReactNode {
  const recorder = usePageRecorder(reduxDevTools);
  if (recorder === undefined) return null;
  return (
    <ShadowHost isFilling>
      <Suspense fallback={null}>
        <Panel recorder={recorder} theme={theme} styleNonce={styleNonce} />
      </Suspense>
    </ShadowHost>
  );
}

function usePageRecorder(isReduxTold = false): PageRecorder | undefined {
  const recorder = useSyncExternalStore(holdPageRecorder, getPageRecorder, getNoRecorder);
  useEffect(() => (isReduxTold ? connectReduxDevTools() : undefined), [isReduxTold]);
  return recorder;
}

const getNoRecorder = () => undefined;

const DOCKS: Record<Dock, { name: string; path: string }> = {
  bottom: { name: 'Dock at the bottom', path: 'M2.5 2.5h11v11h-11zm0 7h11' },
  right: { name: 'Dock at the side', path: 'M2.5 2.5h11v11h-11zm6.500 0v11' },
  window: { name: 'Open in a window', path: 'M6 3H3v10h10v-3M9 2.500h4.500V7m0-4.500-6 6' },
};

function Controls({ dock, onChange }: { dock: Dock; onChange: (next: Partial<Placement>) => void }): ReactNode {
  // SAFETY: the keys of the record above.
  const docks = Object.keys(DOCKS) as Dock[];
  return (
    <span className="controls" role="group" aria-label="Panel">
      {docks.map((each) => (
        <ControlButton key={each} {...DOCKS[each]} isPressed={dock === each} onClick={() => onChange({ dock: each })} />
      ))}
      <ControlButton name="Close the devtools" path="m4 4 8 8m0-8-8 8" onClick={() => onChange({ isOpen: false })} />
    </span>
  );
}

interface ControlButtonProps {
  name: string;
  path: string;
  isPressed?: boolean;
  onClick: () => void;
}

function ControlButton({ name, path, isPressed, onClick }: ControlButtonProps): ReactNode {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={name}
      title={name}
      {...(isPressed !== undefined && { 'aria-pressed': isPressed })}
      onClick={onClick}
    >
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <path
          d={path}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeLinejoin="round"
          strokeLinecap="round"
        />
      </svg>
    </button>
  );
}

interface DockedProps {
  placement: Placement;
  onChange: (next: Partial<Placement>) => void;
  children: ReactNode;
}

/** How far an arrow key moves the edge (px). */
const STEP = 24;

function Docked({ placement, onChange, children }: DockedProps): ReactNode {
  const { dock, height, width } = placement;
  const isBottom = dock === 'bottom';
  const [dragged, setDragged] = useState<number>();
  const room = isBottom ? window.innerHeight : window.innerWidth;
  const size = dragged ?? limitSize(isBottom ? height : width, room);
  const keep = (next: number) => {
    const limited = limitSize(next, room);
    onChange(isBottom ? { height: limited } : { width: limited });
  };
  const measure = (event: PointerEvent) => limitSize(room - (isBottom ? event.clientY : event.clientX), room);
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) setDragged(measure(event));
  };
  const drop = (event: PointerEvent<HTMLDivElement>) => {
    if (dragged !== undefined) keep(measure(event));
    setDragged(undefined);
  };
  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    const [grow, shrink] = isBottom ? ['ArrowUp', 'ArrowDown'] : ['ArrowLeft', 'ArrowRight'];
    if (event.key !== grow && event.key !== shrink) return;
    event.preventDefault();
    keep(size + (event.key === grow ? STEP : -STEP));
  };
  return (
    <div className="dock" data-dock={dock} style={isBottom ? { blockSize: size } : { inlineSize: size }}>
      <div
        className="edge"
        role="separator"
        aria-label="Size of the devtools"
        aria-orientation={isBottom ? 'horizontal' : 'vertical'}
        aria-valuenow={size}
        aria-valuemin={0}
        aria-valuemax={room}
        tabIndex={0}
        onPointerDown={(event) => {
          event.preventDefault();
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={drag}
        onPointerUp={drop}
        onKeyDown={press}
      />
      {children}
    </div>
  );
}

interface OwnWindowProps {
  onClose: () => void;
  /** The browser opens no window. */
  onRefused: () => void;
  children: ReactNode;
}

/** Closes the window that the last frame left: one that comes at once, as StrictMode's does, takes it over. */
let cancelClosing: CancelTimer | undefined;

function OwnWindow({ onClose, onRefused, children }: OwnWindowProps): ReactNode {
  const [root, setRoot] = useState<ShadowRoot>();
  useEffect(() => {
    cancelClosing?.();
    const opened = window.open('', 'use-parallel-tools-devtools', 'popup,width=960,height=640');
    if (opened === null) {
      onRefused();
      return undefined;
    }
    const { document: page } = opened;
    page.title = 'Tool calls devtools';
    page.documentElement.lang = 'en';
    page.body.style.margin = '0';
    const host = page.createElement('div');
    page.body.replaceChildren(host);
    setRoot(openShadow(host));
    const shut = () => opened.close();
    opened.addEventListener('pagehide', onClose);
    window.addEventListener('pagehide', shut);
    return () => {
      opened.removeEventListener('pagehide', onClose);
      window.removeEventListener('pagehide', shut);
      cancelClosing = systemClock.setTimer(shut, 0);
    };
    // oxlint-disable-next-line react/exhaustive-deps -- a new callback must not open the window anew, and what they do is always the same
  }, []);
  return root === undefined ? null : createPortal(<div className="own-window">{children}</div>, root);
}
