import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Fixture {
  room: string;
  code: string;
  message: string;
}

const wrong: Fixture[] = [
  { room: 'core', code: `import { useState } from 'react';`, message: 'core runs calls without React' },
  { room: 'core', code: `import type { ReactNode } from 'react';`, message: 'core runs calls without React' },
  { room: 'core', code: `import { useChat } from '@ai-sdk/react';`, message: 'core runs calls without React' },
  { room: 'core', code: `import { create } from 'zustand';`, message: `core imports 'zustand/vanilla'` },
  { room: 'core', code: `import { tool } from 'ai';`, message: `core may import the AI SDK's types, never its values` },
  { room: 'core', code: `import { z } from '@ai-sdk/provider-utils';`, message: `core may import the AI SDK's types` },
  {
    room: 'core',
    code: `import { x } from '../chat/follow-up.ts';`,
    message: 'core imports no other room. The way is',
  },
  {
    room: 'core',
    code: `export * from '../react/use-tool-call.ts';`,
    message: 'core imports no other room. The way is',
  },
  {
    room: 'core',
    code: `import type { X } from '../components/x.tsx';`,
    message: 'core imports no other room. The way is',
  },
  { room: 'core', code: `import { x } from '../index.ts';`, message: 'src/index.ts is the door for users' },
  { room: 'core', code: `import { join } from 'node:path';`, message: 'src runs in browsers' },
  { room: 'core', code: `export const now = () => Date.now();`, message: 'only file touching time' },
  { room: 'core', code: `export const now = () => performance.now();`, message: 'only file touching time' },
  { room: 'core', code: `setTimeout(() => {}, 1);`, message: 'only file touching time' },
  { room: 'core', code: `globalThis.setTimeout(() => {}, 1);`, message: 'only file touching time' },
  { room: 'core', code: `export const signal = AbortSignal.timeout(5);`, message: 'only file touching time' },
  { room: 'core', code: `export const dice = () => Math.random();`, message: 'only file touching randomness' },
  { room: 'core', code: `export const id = () => crypto.randomUUID();`, message: 'only file touching randomness' },
  { room: 'core', code: `document.title = 'x';`, message: 'core and chat have no DOM' },
  { room: 'chat', code: `import { useEffect } from 'react';`, message: 'chat runs without React' },
  { room: 'chat', code: `import { create } from 'zustand';`, message: `chat imports 'zustand/vanilla'` },
  {
    room: 'chat',
    code: `import { x } from '../react/x.ts';`,
    message: 'chat imports core, messages and sdk only. The way is',
  },
  {
    room: 'react',
    code: `import { x } from '../components/x.tsx';`,
    message: 'react imports no components. The way is',
  },
  { room: 'react', code: `import { Root } from '@radix-ui/react-collapsible';`, message: 'must not load Radix' },
  { room: 'server', code: `import { use } from 'react';`, message: 'server runs without React' },
  { room: 'server', code: `import { x } from '../chat/follow-up.ts';`, message: 'server is what a route needs' },
  { room: 'server', code: `import { join } from 'node:path';`, message: 'edge runtimes' },
  { room: 'server', code: `document.title = 'x';`, message: 'core and chat have no DOM' },
  {
    room: 'cache',
    code: `import { x } from '../chat/look.ts';`,
    message: 'cache keeps results, and imports core only',
  },
  { room: 'early', code: `import { x } from '../chat/look.ts';`, message: 'early starts calls early' },
  { room: 'refs', code: `import { x } from '../messages/part-fields.ts';`, message: 'refs fills inputs' },
  { room: 'durable', code: `import { useEffect } from 'react';`, message: 'durable runs without React' },
  { room: 'durable', code: `import { tool } from 'ai';`, message: `AI SDK's types only` },
  { room: 'durable', code: `import { x } from '../chat/look.ts';`, message: 'durable imports core only' },
  { room: 'durable', code: `export const now = () => Date.now();`, message: 'only file touching time' },
  {
    room: 'chat',
    code: `import { x } from '../durable/index.ts';`,
    message: 'chat imports core, messages and sdk only',
  },
  { room: 'devtools', code: `import { x } from '../chat/look.ts';`, message: 'A plugin knows a chat by its host' },
  {
    room: 'core',
    code: `import { x } from '../devtools/faults.ts';`,
    message: 'core imports no other room',
  },
  { room: 'react', code: `import { x } from '../testing/index.ts';`, message: 'No page may load the test kit' },
  { room: 'session', code: `import { x } from '../chat/look.ts';`, message: 'session is the file of what happened' },
  { room: 'testing', code: `import { x } from '../durable/index.ts';`, message: 'imports none' },
  { room: 'testing', code: `export const now = () => Date.now();`, message: 'only file touching time' },
  { room: 'react', code: `setInterval(() => {}, 1);`, message: 'only file touching time' },
  { room: 'messages', code: `import { x } from '../chat/look.ts';`, message: 'imports core only' },
  { room: 'sdk', code: `import { x } from '../chat/look.ts';`, message: 'imports core and messages only' },
  { room: 'definitions', code: `import { x } from '../sdk/x.ts';`, message: 'it imports core only' },
  {
    room: 'components',
    code: `import { x } from '../messages/message-parts.ts';`,
    message: 'not the chat behind them',
  },
  { room: 'components', code: `import { x } from '../../chat/look.ts';`, message: 'not the chat behind them' },
  { room: 'components', code: `import { isToolUIPart } from 'ai';`, message: 'only src/chat handles the AI SDK' },
  { room: 'components', code: `import { x } from '../core/scheduler.ts';`, message: 'not how calls run' },
  { room: 'components', code: `export const cast = (value: any) => String(value);`, message: 'Unexpected `any`' },
  { room: 'components', code: `export default function X() {}`, message: 'default export' },
];

const right: Omit<Fixture, 'message'>[] = [
  { room: 'core', code: `import { createStore } from 'zustand/vanilla'; export const store = createStore(() => 1);` },
  { room: 'core', code: `import type { UIMessage } from 'ai'; export type Message = UIMessage;` },
  { room: 'core', code: `export const parse = (text: string) => Date.parse(text);` },
  { room: 'chat', code: `export { isToolUIPart } from 'ai'; export * from '../core/tool-call.ts';` },
  { room: 'react', code: `export { useChat } from '@ai-sdk/react'; export * from '../chat/follow-up.ts';` },
  { room: 'server', code: `export { tool } from 'ai'; export * from '../core/tool.ts';` },
  { room: 'server', code: `export * from '../definitions/describe-tools.ts';` },
  { room: 'chat', code: `export * from '../messages/message-parts.ts'; export * from '../sdk/response-tap.ts';` },
  { room: 'sdk', code: `export * from '../messages/message-parts.ts';` },
  { room: 'durable', code: `export { openDB } from 'idb'; export * from '../core/plugins.ts';` },
  { room: 'session', code: `export * from '../core/tool-call.ts'; export * from '../messages/message-parts.ts';` },
  { room: 'testing', code: `export * from '../react/parallel-chat.ts'; export * from '../session/session.ts';` },
  { room: 'durable', code: `export const storage = () => localStorage;` },
  {
    room: 'components',
    code: `export * from '../react/use-tool-call.ts'; export * from '@radix-ui/react-collapsible';`,
  },
  { room: 'components', code: `export * from '../core/selectors.ts';` },
];

describe('the linter', () => {
  const root = mkdtempSync(join(tmpdir(), 'lint-rules-'));
  const problems = new Map<string, string[]>();
  const pathOf = (kind: 'wrong' | 'right', index: number, { room }: { room: string }) =>
    join('src', room, ...(room === 'components' && index % 2 ? ['deep'] : []), `${kind}-${index}.ts`);

  beforeAll(async () => {
    copyFileSync('oxlint.config.ts', join(root, 'oxlint.config.ts'));
    symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
    const write = (path: string, code: string) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), code);
    };
    wrong.forEach((fixture, index) => write(pathOf('wrong', index, fixture), fixture.code));
    right.forEach((fixture, index) => write(pathOf('right', index, fixture), fixture.code));
    write(
      'src/core/clock.ts',
      'export const clock = { now: () => Date.now(), random: () => Math.random(), setTimeout };',
    );

    const oxlint = resolve('node_modules/oxlint/bin/oxlint');
    const { stdout } = await promisify(execFile)(process.execPath, [oxlint, '--format', 'json', 'src'], {
      cwd: root,
    }).catch(
      (failure: { stdout: string }) => failure, // it ends with 1, since it found what it should
    );
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: { filename: string; message: string; help?: string }[];
    };
    for (const { filename, message, help } of diagnostics) {
      const path = filename.replaceAll('\\', '/');
      problems.set(path, [...(problems.get(path) ?? []), `${message} ${help ?? ''}`]);
    }
  });

  afterAll(() => rmSync(root, { recursive: true }));

  it.each(wrong.map((fixture, index) => ({ ...fixture, index })))(
    'forbids in $room: $code',
    ({ index, ...fixture }) => {
      expect(problems.get(pathOf('wrong', index, fixture))?.join('\n')).toContain(fixture.message);
    },
  );

  it.each(right.map((fixture, index) => ({ ...fixture, index })))('allows in $room: $code', ({ index, ...fixture }) => {
    expect(problems.get(pathOf('right', index, fixture))).toBeUndefined();
  });

  it('allows the clock to touch time and randomness', () => {
    expect(problems.get('src/core/clock.ts')).toBeUndefined();
  });
});
