'use client';
/** Owns the panel: which chat, which view, which call, and at which moment. Where it is docked is the frame's matter. */
import { useEffect, useState, type ReactNode } from 'react';
import { systemClock, type CancelTimer } from '../../core/clock.ts';
import { countCalls, selectToolCall } from '../../core/selectors.ts';
import type { RecordedChat } from '../record-chat.ts';
import { isSimulating } from '../faults.ts';
import type { PageRecorder } from '../page-recorder.ts';
import { adoptStyles } from '../shadow-host.tsx';
import { BatchDetail } from './batch-detail.tsx';
import { CallDetail } from './call-detail.tsx';
import { CallList } from './call-list.tsx';
import { FaultsView } from './faults-view.tsx';
import { LogView } from './log-view.tsx';
import css from './panel.css?inline';
import { NO_FILTER } from './rows.ts';
import { SessionFile } from './session-file.tsx';
import { Scrubber } from './scrubber.tsx';
import { countUntil, createView, type View } from './view.ts';
import { WaitsView } from './waits-view.tsx';

export interface PanelProps {
  recorder: PageRecorder;
  theme: 'light' | 'dark' | 'system';
  styleNonce: string | undefined;
  /** The controls of whatever holds the panel: where it is docked, how it is closed. */
  controls?: ReactNode;
}

const TABS = { calls: 'Calls', waits: 'Waits', simulate: 'Simulate', events: 'Events' } as const;
type Tab = keyof typeof TABS;

export function Panel({ recorder, theme, styleNonce, controls }: PanelProps): ReactNode {
  const adopt = (element: HTMLElement | null) => {
    if (element !== null) adoptStyles(element.getRootNode(), css, styleNonce);
  };
  return (
    <section ref={adopt} className="panel" data-theme={theme} aria-label="Tool calls devtools">
      <Content recorder={recorder} controls={controls} />
    </section>
  );
}

function Content({ recorder, controls }: Pick<PanelProps, 'recorder' | 'controls'>): ReactNode {
  const [chosenKey, setChosenKey] = useState<string>();
  const [tab, setTab] = useState<Tab>('calls');
  const [filter, setFilter] = useState(NO_FILTER);
  const [selectedKey, setSelectedKey] = useState<string>();
  const [position, setPosition] = useState<number>();
  const [isMoving, setIsMoving] = useState(false);
  const now = useMoment(recorder, isMoving);
  const chats = recorder.getChats();
  const record =
    chats.find(({ key }) => key === chosenKey) ?? chats.findLast(({ isImported }) => !isImported) ?? chats.at(-1);
  const view = record && createView(record, position, now);
  // Results that are kept grow old.
  const isAging = tab === 'waits' && (record?.chat.details?.listResults().length ?? 0) > 0;
  const isLive = view !== undefined && (view.isMoving || isAging);
  if (isLive !== isMoving) setIsMoving(isLive);
  if (record === undefined || view === undefined)
    return (
      <>
        <Head controls={controls} />
        <p className="empty">No chat is mounted. One that runs tool calls appears here by itself in development.</p>
      </>
    );
  const nameOf = (key: string) => selectToolCall(view.state, key)?.toolName;
  const show = (key: string) => {
    setSelectedKey(key);
    setTab('calls');
  };
  return (
    <>
      <Head controls={controls}>
        <ChatChoice
          chats={chats}
          record={record}
          onChoose={(key) => {
            setChosenKey(key);
            setPosition(undefined);
          }}
        />
        <Counts view={view} />
      </Head>
      <nav className="tabs" aria-label="Views">
        {(Object.keys(TABS) as Tab[]).map((name) => (
          <button key={name} type="button" aria-pressed={tab === name} onClick={() => setTab(name)}>
            {TABS[name]}
            {name === 'simulate' && isOn(recorder) && <span className="dot" />}
          </button>
        ))}
      </nav>
      {isOn(recorder) && (
        <p className="banner" role="status">
          Faults are simulated: what you see is not all real.
        </p>
      )}
      <div className="body">
        <div className="main">
          {tab === 'calls' && (
            <CallList
              view={view}
              filter={filter}
              onFilter={setFilter}
              selectedKey={selectedKey}
              onSelect={setSelectedKey}
            />
          )}
          {tab === 'waits' && <WaitsView view={view} onSelect={show} />}
          {tab === 'simulate' && <FaultsView view={view} recorder={recorder} />}
          {tab === 'events' && (
            <LogView
              session={
                <SessionFile record={record} onImport={(text) => setChosenKey(recorder.importSession(text).key)} />
              }
              nameOf={nameOf}
              entries={record.log.entries}
              count={position === undefined ? record.log.entries.length : countUntil(record, position)}
              isPast={view.isPast}
              onTravel={({ number }) => setPosition(number)}
            />
          )}
        </div>
        {tab === 'calls' && <Detail view={view} selectedKey={selectedKey} onClose={() => setSelectedKey(undefined)} />}
      </div>
      <Scrubber nameOf={nameOf} entries={record.log.entries} position={position} onTravel={setPosition} />
    </>
  );
}

function isOn({ faults, acts }: PageRecorder): boolean {
  return isSimulating(faults.getSettings()) || acts.isOffline() || acts.isAway();
}

function Head({ controls, children }: { controls: ReactNode; children?: ReactNode }): ReactNode {
  return (
    <header className="head">
      <Logo />
      <h1>Tool calls</h1>
      {children}
      <span className="space" />
      {controls}
    </header>
  );
}

/** Three calls at once. */
function Logo(): ReactNode {
  return (
    <svg className="logo" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <rect x="1" y="2" width="9" height="3" rx="1.5" fill="var(--active)" />
      <rect x="3" y="6.5" width="12" height="3" rx="1.5" fill="var(--success)" />
      <rect x="2" y="11" width="7" height="3" rx="1.5" fill="var(--attention)" />
    </svg>
  );
}

interface ChatChoiceProps {
  chats: readonly RecordedChat[];
  record: RecordedChat;
  onChoose: (key: string) => void;
}

function ChatChoice({ chats, record, onChoose }: ChatChoiceProps): ReactNode {
  if (chats.length === 1) return <span className="chat-id">{record.chat.host.chatId}</span>;
  return (
    <select aria-label="Chat" value={record.key} onChange={(event) => onChoose(event.target.value)}>
      {chats.map(({ key, chat, isImported }) => (
        <option key={key} value={key}>
          {chat.host.chatId}
          {isImported && ' (file)'}
        </option>
      ))}
    </select>
  );
}

function Counts({ view }: { view: View }): ReactNode {
  const { active, queued, awaiting, failed, done } = countCalls(view.calls);
  const counts = [
    ['running', active, 'running'],
    ['queued', queued, 'waiting'],
    ['awaiting-approval', awaiting, 'need a person'],
    ['failed', failed, 'failed'],
    ['succeeded', done, 'done'],
  ] as const;
  return (
    <span className="counts">
      {counts.map(
        ([status, count, words]) =>
          count > 0 && (
            <span key={status} className="badge" data-status={status}>
              {count} {words}
            </span>
          ),
      )}
    </span>
  );
}

function Detail({
  view,
  selectedKey,
  onClose,
}: {
  view: View;
  selectedKey: string | undefined;
  onClose: () => void;
}): ReactNode {
  const content = renderDetail(view, selectedKey);
  if (content === undefined) return null;
  return (
    <aside className="side">
      <button type="button" className="icon-button side-close" aria-label="Close the details" onClick={onClose}>
        <CloseIcon />
      </button>
      {content}
    </aside>
  );
}

function renderDetail(view: View, selectedKey: string | undefined): ReactNode {
  if (selectedKey === undefined) return undefined;
  const call = selectToolCall(view.state, selectedKey);
  if (call !== undefined) return <CallDetail key={selectedKey} view={view} call={call} />;
  const turn = view.reading.turns.find(({ key }) => key === selectedKey);
  const batch = view.state.batches[turn?.batchKeys.at(-1) ?? selectedKey.replace(/^batch:/, '')];
  return batch && <BatchDetail key={selectedKey} view={view} batch={batch} />;
}

function CloseIcon(): ReactNode {
  return (
    <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <path d="m4 4 8 8m0-8-8 8" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
    </svg>
  );
}

/** How often the panel looks while much happens, and how often running times move (ms). */
const PAUSE = 100;

/** The time, read anew when something has happened, and while something goes on by itself. */
function useMoment(recorder: PageRecorder, isMoving: boolean): number {
  const [now, setNow] = useState(systemClock.now);
  useEffect(() => {
    let cancel: CancelTimer | undefined;
    const look = () => {
      cancel = undefined;
      setNow(systemClock.now());
    };
    const ask = () => {
      if (cancel === undefined) cancel = systemClock.setTimer(look, PAUSE);
    };
    // What was missed between the render and this effect.
    ask();
    const stop = recorder.subscribe(ask);
    return () => {
      stop();
      cancel?.();
    };
  }, [recorder]);
  useEffect(() => {
    if (!isMoving) return undefined;
    let cancel: CancelTimer;
    const tick = () => {
      setNow(systemClock.now());
      cancel = systemClock.setTimer(tick, PAUSE);
    };
    cancel = systemClock.setTimer(tick, PAUSE);
    return () => cancel();
  }, [isMoving]);
  return now;
}
