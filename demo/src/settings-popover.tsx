// Owns the settings: how slow the shop is, whether its exchange rates fail, from the next request on, and which answers are remembered.
import { RememberedApprovals } from 'use-parallel-tools/approvals';
import type { RateFault } from '../shop-contract.ts';
import { Choice, type Option } from './choice.tsx';
import { approvals } from './conversation.ts';
import { SettingsIcon } from './icons.tsx';
import { changeSettings, useSettings } from './settings.ts';
import './settings-popover.css';

const latencyOptions: Option<number>[] = [
  { value: 0.25, label: 'Fast' },
  { value: 1, label: 'Normal' },
  { value: 3, label: 'Slow' },
];

const faultOptions: Option<RateFault>[] = [
  { value: 'none', label: 'Work' },
  { value: 'until-retried', label: 'Fail until retried' },
  { value: 'always', label: 'Fail' },
];

export function SettingsPopover() {
  const { latency, fault } = useSettings();
  return (
    <>
      <button type="button" className="icon-button" aria-label="Settings" title="Settings" popoverTarget="settings">
        <SettingsIcon />
      </button>
      <div id="settings" className="settings" popover="auto" role="dialog" aria-label="Settings">
        <Choice
          legend="The shop answers"
          options={latencyOptions}
          value={latency}
          onChange={(value) => changeSettings({ latency: value })}
        />
        <Choice
          legend="Exchange rates"
          options={faultOptions}
          value={fault}
          onChange={(value) => changeSettings({ fault: value })}
        />
        <div>
          <h2>Remembered answers</h2>
          <RememberedApprovals approvals={approvals} />
        </div>
      </div>
    </>
  );
}
