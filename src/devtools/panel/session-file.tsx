'use client';
/** Owns the file of a session: saved from a chat, as it is or without what was said, and opened again to be looked at. */
import { useState, type ChangeEvent, type ReactNode } from 'react';
import { readMessage } from '../../core/errors.ts';
import type { RecordedChat } from '../record-chat.ts';

export interface SessionFileProps {
  record: RecordedChat;
  /** @throws TypeError where the text is no session */
  onImport: (text: string) => void;
}

export function SessionFile({ record, onImport }: SessionFileProps): ReactNode {
  const [problem, setProblem] = useState<string>();
  const open = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const file = target.files?.[0];
    if (file === undefined) return;
    try {
      onImport(await file.text());
      setProblem(undefined);
    } catch (thrown) {
      setProblem(readMessage(thrown, 'The file'));
    }
    // The same file can be opened again.
    target.value = '';
  };
  return (
    <>
      {problem !== undefined && (
        <span className="error" role="alert">
          {problem}
        </span>
      )}
      <button type="button" onClick={() => save(record, false)}>
        Export
      </button>
      <button type="button" onClick={() => save(record, true)}>
        Export redacted
      </button>
      <label className="file">
        Import
        <input type="file" accept="application/json,.json" className="spoken" onChange={(event) => void open(event)} />
      </label>
    </>
  );
}

function save(record: RecordedChat, isRedacted: boolean): void {
  const text = JSON.stringify(record.exportSession(isRedacted), null, 2);
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `tool-calls-${record.chat.host.chatId}.json`;
  link.click();
  URL.revokeObjectURL(address);
}
