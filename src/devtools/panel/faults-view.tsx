'use client';
/** Owns the controls of what is simulated: faults by tool, chaos, and what the page lives through. */
import { useState, useSyncExternalStore, type ReactNode } from 'react';
import { systemClock } from '../../core/clock.ts';
import { describeFault, isSimulating, NO_FAULTS, type Fault, type FaultRule, type FaultSettings } from '../faults.ts';
import type { PageRecorder } from '../page-recorder.ts';
import { readJson } from './call-detail.tsx';
import type { View } from './view.ts';

/** What a person chooses; the rest of the fault is in the fields beside. */
const CHOICES: readonly [value: string, words: string, fault: Fault][] = [
  ['error', 'Fail: an error', { type: 'fail', kind: 'error' }],
  ['network', 'Fail: no network', { type: 'fail', kind: 'network' }],
  ['unavailable', 'Fail: HTTP 503', { type: 'fail', kind: 'unavailable' }],
  ['rate-limited', 'Fail: HTTP 429', { type: 'fail', kind: 'rate-limited' }],
  ['hang', 'Time out: never answer', { type: 'hang' }],
  ['slow', 'Be slow', { type: 'slow', ms: 2000 }],
  ['return', 'Return a value', { type: 'return', value: null }],
];

/** How long the page is left (ms). */
const AWAY = 3000;

export function FaultsView({ view, recorder }: { view: View; recorder: PageRecorder }): ReactNode {
  const { faults, acts } = recorder;
  // At once, not when the panel looks next: a field must show each letter that is typed.
  const settings = useSyncExternalStore(recorder.subscribe, faults.getSettings);
  const change = (next: Partial<FaultSettings>) => faults.setSettings({ ...settings, ...next });
  const tools = listTools(view);
  return (
    <div className="faults-view">
      <section className="panel-box" aria-label="Faults">
        <h2>Faults</h2>
        <AddRule tools={tools} onAdd={(rule) => change({ rules: [...without(settings.rules, rule.toolName), rule] })} />
        {settings.rules.length === 0 ? (
          <p className="hint">
            None. A fault stands between the scheduler and the tool: locks, retries and limits stay real.
          </p>
        ) : (
          <ul className="rules">
            {settings.rules.map((rule) => (
              <li key={rule.toolName}>
                <span>
                  <strong>{rule.toolName === '*' ? 'Every tool' : rule.toolName}</strong>:{' '}
                  {rule.isOnce ? 'the next call' : 'each call'} {describeFault(rule.fault)}
                </span>
                <button
                  type="button"
                  aria-label={`Remove the fault of ${rule.toolName === '*' ? 'every tool' : rule.toolName}`}
                  onClick={() => change({ rules: settings.rules.filter((each) => each !== rule) })}
                >
                  Remove
                </button>
              </li>
            ))}
          </ul>
        )}
      </section>
      <ChaosControls settings={settings} onChange={change} />
      <section className="panel-box" aria-label="The page">
        <h2>The page</h2>
        <div className="acts">
          <button type="button" aria-pressed={acts.isOffline()} onClick={() => acts.setOffline(!acts.isOffline())}>
            Offline
          </button>
          <button type="button" disabled={acts.isAway()} onClick={() => acts.leaveFor(AWAY)}>
            {acts.isAway() ? 'Away…' : 'Leave, and return after 3 s'}
          </button>
        </div>
        <p className="hint">
          Offline fails each <code>fetch</code> of the page and tells it so. Leaving sends <code>pagehide</code> and{' '}
          <code>pageshow</code>, as a browser does that keeps the page.
        </p>
      </section>
      <section className="panel-box" aria-label="Keep">
        <label className="check">
          <input
            type="checkbox"
            checked={settings.isPinned}
            onChange={(event) => change({ isPinned: event.target.checked })}
          />
          Keep faults and chaos over reloads of this tab
        </label>
        <div className="acts">
          <button
            type="button"
            disabled={!isSimulating(settings) && !acts.isOffline()}
            onClick={() => {
              faults.setSettings(NO_FAULTS);
              acts.reset();
            }}
          >
            Clear everything
          </button>
        </div>
      </section>
    </div>
  );
}

/** The tools of the page, and those that were called. */
function listTools({ record, calls }: View): string[] {
  const own = Object.keys(record.chat.details?.getOptions().tools ?? {});
  return [...new Set([...own, ...calls.map(({ toolName }) => toolName)])].sort();
}

function without(rules: readonly FaultRule[], toolName: string): FaultRule[] {
  return rules.filter((rule) => rule.toolName !== toolName);
}

function AddRule({ tools, onAdd }: { tools: readonly string[]; onAdd: (rule: FaultRule) => void }): ReactNode {
  const [toolName, setToolName] = useState('*');
  const [choice, setChoice] = useState('error');
  const [isOnce, setIsOnce] = useState(true);
  const [ms, setMs] = useState(2000);
  const [value, setValue] = useState('{}');
  return (
    <form
      className="add-rule"
      onSubmit={(event) => {
        event.preventDefault();
        const [, , fault] = CHOICES.find(([name]) => name === choice) ?? CHOICES[0]!;
        onAdd({ toolName, isOnce, fault: complete(fault, ms, value) });
      }}
    >
      <select aria-label="Tool" value={toolName} onChange={(event) => setToolName(event.target.value)}>
        <option value="*">Every tool</option>
        {tools.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <select
        aria-label="Which calls"
        value={isOnce ? 'next' : 'each'}
        onChange={(event) => setIsOnce(event.target.value === 'next')}
      >
        <option value="next">The next call</option>
        <option value="each">Each call</option>
      </select>
      <select aria-label="Fault" value={choice} onChange={(event) => setChoice(event.target.value)}>
        {CHOICES.map(([name, words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </select>
      {choice === 'slow' && (
        <input
          type="number"
          aria-label="Milliseconds"
          min={1}
          step="any"
          value={ms}
          onChange={(event) => setMs(Number(event.target.value))}
        />
      )}
      {choice === 'return' && (
        <input aria-label="Value, as JSON" value={value} onChange={(event) => setValue(event.target.value)} />
      )}
      <button type="submit">Add fault</button>
    </form>
  );
}

function complete(fault: Fault, ms: number, value: string): Fault {
  if (fault.type === 'slow') return { ...fault, ms };
  return fault.type === 'return' ? { ...fault, value: readJson(value) } : fault;
}

function ChaosControls({
  settings: { chaos },
  onChange,
}: {
  settings: FaultSettings;
  onChange: (next: Partial<FaultSettings>) => void;
}): ReactNode {
  const change = (next: Partial<FaultSettings['chaos']>) => onChange({ chaos: { ...chaos, ...next } });
  return (
    <section className="panel-box" aria-label="Chaos">
      <h2>Chaos</h2>
      <div className="acts">
        <button type="button" aria-pressed={chaos.isOn} onClick={() => change({ isOn: !chaos.isOn })}>
          Chaos
        </button>
        <label>
          Seed <input className="short" value={chaos.seed} onChange={(event) => change({ seed: event.target.value })} />
        </label>
        <button type="button" onClick={() => change({ seed: systemClock.random().toString(36).slice(2, 8) })}>
          New seed
        </button>
        <label>
          Failures{' '}
          <input
            type="number"
            className="short"
            min={0}
            max={100}
            value={Math.round(chaos.failures * 100)}
            onChange={(event) => change({ failures: Number(event.target.value) / 100 })}
          />{' '}
          %
        </label>
        <label>
          Delay up to{' '}
          <input
            type="number"
            className="short"
            min={0}
            step={100}
            value={chaos.delay}
            onChange={(event) => change({ delay: Number(event.target.value) })}
          />{' '}
          ms
        </label>
      </div>
      <p className="hint">The same seed does the same to the same calls: give it to whoever is to see what you saw.</p>
    </section>
  );
}
