// Owns the frame of the page, and that a new conversation is a new chat with a fresh shop.
import { useEffect } from 'react';
import { ToolCallsDevtools } from 'use-parallel-tools/devtools';
import { Header } from './header.tsx';
import { followOtherTabs, startSession, useSettings } from './settings.ts';
import { SupportChat } from './support-chat.tsx';

export function App() {
  const session = useSettings((settings) => settings.session);
  const theme = useSettings((settings) => settings.theme);

  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);

  useEffect(followOtherTabs, []);

  return (
    <>
      <Header onNewChat={startSession} />
      <SupportChat key={session} />
      <ToolCallsDevtools theme={theme === 'dark' || theme === 'light' ? theme : 'system'} />
    </>
  );
}
