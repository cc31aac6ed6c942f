// Owns the bar on top: the shop's name, a new conversation, theme and settings.
import { InspectorIcon, NewChatIcon, ReturnIcon } from './icons.tsx';
import { SettingsPopover } from './settings-popover.tsx';
import { changeSettings, useSettings } from './settings.ts';
import { ThemeChoice } from './theme-choice.tsx';
import './header.css';

export function Header({ onNewChat }: { onNewChat: () => void }) {
  const inspector = useSettings((settings) => settings.inspector);
  const returnSlip = useSettings((settings) => settings.returnSlip);
  return (
    <header className="header">
      <h1 className="brand">
        Larkfield <span>Support</span>
      </h1>
      <ThemeChoice />
      <button
        type="button"
        className="icon-button"
        aria-label="New conversation"
        title="New conversation"
        onClick={onNewChat}
      >
        <NewChatIcon />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label="Return slip"
        title="Return slip"
        aria-expanded={returnSlip}
        onClick={() => changeSettings({ returnSlip: !returnSlip })}
      >
        <ReturnIcon />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label="Tool calls, live"
        title="Tool calls, live"
        aria-expanded={inspector}
        onClick={() => changeSettings({ inspector: !inspector })}
      >
        <InspectorIcon />
      </button>
      <SettingsPopover />
    </header>
  );
}
