// Owns the bar on top: the shop's name, a new conversation, theme and settings.
import { NewChatIcon } from './icons.tsx';
import { SettingsPopover } from './settings-popover.tsx';
import { ThemeChoice } from './theme-choice.tsx';

export function Header({ onNewChat }: { onNewChat: () => void }) {
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
      <SettingsPopover />
    </header>
  );
}
