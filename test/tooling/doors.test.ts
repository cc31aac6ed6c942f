// Proves: each entry of the package offers what it is for, a part is exported once, and whatever an exported type mentions can be named.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as core from '../../src/core/index.ts';
import * as disclosure from '../../src/disclosure/index.ts';
import * as joining from '../../src/join/index.ts';
import * as main from '../../src/index.ts';
import * as durable from '../../src/durable/index.ts';
import * as server from '../../src/server/index.ts';
import * as worker from '../../src/worker/index.ts';
import * as devtools from '../../src/devtools/index.ts';
import * as devtoolsInProduction from '../../src/devtools/production.ts';
import * as approvals from '../../src/approvals/index.ts';
import * as cache from '../../src/cache/index.ts';
import * as early from '../../src/early/index.ts';
import * as refs from '../../src/refs/index.ts';
import * as testing from '../../src/testing/index.ts';
import * as testingReact from '../../src/testing/react.ts';
import * as tracing from '../../src/tracing/index.ts';
import * as undo from '../../src/undo/index.ts';
import * as webmcp from '../../src/webmcp/index.ts';
import { listExports, listMentions } from './declarations.ts';

const families = {
  ToolCallCardParts: main.ToolCallCardParts,
  ToolCallGroupParts: main.ToolCallGroupParts,
  ToolCallTimelineParts: main.ToolCallTimelineParts,
};

describe('the values of each entry', () => {
  it('are hooks, tools, components and labels in `.`, at most 40', () => {
    expect(Object.keys(main).sort()).toEqual([
      'MessageToolCalls',
      'ToolCallCard',
      'ToolCallCardParts',
      'ToolCallError',
      'ToolCallGroup',
      'ToolCallGroupParts',
      'ToolCallImages',
      'ToolCallLabelsProvider',
      'ToolCallTimeline',
      'ToolCallTimelineParts',
      'ToolCallValue',
      'ToolCallsProvider',
      'callReports',
      'clientTool',
      'createChatLink',
      'createDurationFormat',
      'createToolRegistry',
      'describeTools',
      'englishLabels',
      'groupMessageParts',
      'toolDefinitions',
      'useChatTools',
      'useClientTool',
      'useDirectBatches',
      'useParallelTools',
      'useToolAvailability',
      'useToolBatch',
      'useToolCall',
      'useToolCallCard',
      'useToolCallLabels',
      'useToolCalls',
      'useToolInput',
      'withPolicy',
    ]);
    expect(Object.keys(main).length).toBeLessThanOrEqual(40);
  });

  it('are the engine in `./core`', () => {
    expect(Object.keys(core).sort()).toEqual([
      'ToolCallError',
      'clientTool',
      'countCalls',
      'createToolBatchKey',
      'createToolCallKey',
      'createToolCallStore',
      'createToolRunner',
      'isAwaitingPerson',
      'isBatchSettled',
      'isSettled',
      'listCalls',
      'measureCall',
      'measureCalls',
      'selectDirectBatches',
      'selectIsRunning',
      'selectRetryBlock',
      'selectToolBatch',
      'selectToolCall',
      'selectToolCalls',
      'systemClock',
      'toBatchStatus',
      'toolDefinitions',
      'withPolicy',
    ]);
  });

  it('are what a route needs in `./server`', () => {
    expect(Object.keys(server).sort()).toEqual([
      'ToolDescriptionError',
      'describeTools',
      'toolDefinitions',
      'toolsFromDescriptions',
    ]);
  });

  it('are both sides of a worker in `./worker`', () => {
    expect(Object.keys(worker).sort()).toEqual(['exposeTools', 'transfer', 'workerTool']);
  });

  it('are what the model is given in `./disclosure`, and spans in `./tracing`', () => {
    expect(Object.keys(disclosure).sort()).toEqual([
      'AnswerSources',
      'ConsentRequest',
      'answerConsent',
      'disclosure',
      'englishDisclosureLabels',
      'exportRecord',
      'selectConsent',
      'selectLabels',
      'selectSources',
      'verifyRecord',
    ]);
    expect(Object.keys(tracing).sort()).toEqual(['onTrace', 'performanceTracks', 'tracing']);
  });

  it('are what another framework joins a chat with in `./join`', () => {
    expect(Object.keys(joining).sort()).toEqual(['createChatLink', 'groupMessageParts', 'joinChat']);
  });

  it('are what offers to undo calls in `./undo`', () => {
    expect(Object.keys(undo).sort()).toEqual(['selectUndo', 'undo']);
  });

  it('are the ways to and from the browser’s own agents in `./webmcp`', () => {
    expect(Object.keys(webmcp).sort()).toEqual(['offerTools', 'webMcpTools']);
  });

  it('are the panel in `./devtools`, and for production the plugin that a chat needs with it', () => {
    expect(Object.keys(devtools).sort()).toEqual(['ToolCallsDevtools', 'ToolCallsDevtoolsPanel']);
    expect(Object.keys(devtoolsInProduction).sort()).toEqual([
      'ToolCallsDevtools',
      'ToolCallsDevtoolsPanel',
      'toolCallsDevtools',
    ]);
  });

  it('are what remembers answers in `./approvals`', () => {
    expect(Object.keys(approvals).sort()).toEqual([
      'RememberApproval',
      'RememberedApprovals',
      'englishApprovalMemoryLabels',
      'readAppliedRule',
      'readApprovalOffer',
      'rememberedApprovals',
      'selectCoveredCalls',
    ]);
  });

  it('are what keeps results in `./cache`', () => {
    expect(Object.keys(cache)).toEqual(['resultCache']);
  });

  it('are what starts calls early in `./early`, and what lets inputs name outputs in `./refs`', () => {
    expect(Object.keys(early)).toEqual(['earlyStart']);
    expect(Object.keys(refs).sort()).toEqual(['refsPrompt', 'toolCallRefs', 'withRefs']);
  });

  it('are what survives a reload in `./durable`', () => {
    expect(Object.keys(durable).sort()).toEqual([
      'indexedDbStorage',
      'memoryStorage',
      'selectSharedTab',
      'sharedTabs',
      'toolCallJournal',
    ]);
  });

  it('are what a test needs in `./testing`, and what it renders with in `./testing/react`', () => {
    expect(Object.keys(testing).sort()).toEqual([
      'ScriptedResponse',
      'ScriptedTransport',
      'calls',
      'createSessionRecorder',
      'createTestChat',
      'createTestClock',
      'createToolCallState',
      'cuts',
      'exportSession',
      'fails',
      'finishes',
      'fixtures',
      'pauses',
      'readSession',
      'refuses',
      'replaySession',
      'says',
      'toolCallStateNames',
      'withToolCalls',
      'writes',
    ]);
    expect(Object.keys(testingReact)).toEqual(['renderWithToolCalls']);
  });

  it('are the parts of a component, each in one family', () => {
    const parts: [name: string, part: unknown][] = Object.entries(families).flatMap(([family, members]) =>
      Object.entries(members).map(([name, part]): [string, unknown] => [`${family}.${name}`, part]),
    );
    expect(parts.length).toBeGreaterThan(45);
    expect(new Set(parts.map(([, part]) => part)).size).toBe(parts.length);
    const flat = new Set<unknown>(Object.values(main));
    expect(parts.filter(([, part]) => flat.has(part))).toEqual([]);
  });
});

describe('in React Server Components', () => {
  const source = (path: string) => readFileSync(path, 'utf8');
  const isClient = (path: string) => source(path).startsWith(`'use client';`);

  it.each(['card', 'group', 'timeline'])('every part of the %s can be reached through its family', (family) => {
    const path = `src/components/${family}/${family}.parts.ts`;
    expect(isClient(path)).toBe(false);
    const homes = [...source(path).matchAll(/from '(\.\/[^']+)'/g)].map(([, from = '']) => join(dirname(path), from));
    expect(homes.length).toBeGreaterThan(1);
    expect(homes.filter((home) => !isClient(home))).toEqual([]);
  });

  it('what is no component can be called on the server', () => {
    const text = source('src/index.ts');
    expect(isClient('src/index.ts')).toBe(false);
    const homes = [...text.matchAll(/export \{([^}]+)\} from '(\.\/[^']+)'/g)].flatMap(([, names = '', from = '']) =>
      names.split(',').map((name) => ({ name: name.trim(), home: join('src', from) })),
    );
    const values = homes.filter(({ name }) => /^[a-z]/.test(name) && !/^(type |use[A-Z])/.test(name));
    expect(values.map(({ name }) => name)).toContain('clientTool');
    expect(values.filter(({ home }) => isClient(home))).toEqual([]);
  });
});

/** The entries whose types another one may mention. */
const BESIDE: Record<string, string[]> = {
  'approvals/index': ['core/index', 'durable/index'],
  'durable/index': ['core/index'],
  'cache/index': ['core/index'],
  'early/index': ['core/index'],
  'refs/index': ['core/index'],
  'undo/index': ['core/index'],
  'join/index': ['core/index', 'index'],
  'webmcp/index': ['core/index'],
  'testing/index': ['core/index', 'index'],
  'testing/react': ['core/index', 'index', 'testing/index'],
};

describe('the types of each entry', () => {
  const folder = mkdtempSync(join(tmpdir(), 'declarations-'));
  beforeAll(async () => {
    await promisify(execFile)('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json', '--outDir', folder]);
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    'index',
    'core/index',
    'approvals/index',
    'durable/index',
    'cache/index',
    'early/index',
    'refs/index',
    'undo/index',
    'join/index',
    'webmcp/index',
    'server/index',
    'worker/index',
    'testing/index',
    'testing/react',
  ])('mention only types that are exported with them: %s', (entry) => {
    const exported = listExports(join(folder, `${entry}.d.ts`));
    // What stands beside a chat speaks of calls, whose types a page has from `./core`; a test speaks of the chat, too.
    const ids = new Set(
      [entry, ...(BESIDE[entry] ?? [])].flatMap((each) => [...listExports(join(folder, `${each}.d.ts`)).values()]),
    );
    const missing = [...exported].flatMap(([name, id]) =>
      [...listMentions(id)]
        .filter((mentioned) => !ids.has(mentioned))
        .map((mentioned) => `${name} mentions ${basename(mentioned)}`),
    );
    expect(missing).toEqual([]);
  });

  it('are read as they are: overloads, namespaces, inheritance and inferred types', () => {
    const exported = listExports(join(folder, 'index.d.ts'));
    const mentionedBy = (name: string) =>
      [...listMentions(exported.get(name) ?? '')].map((id) => id.slice(id.indexOf('#') + 1));
    expect(mentionedBy('clientTool')).toEqual(
      expect.arrayContaining(['ClientToolDescription', 'ClientToolExecute', 'ToolPolicy', 'ClientTool']),
    );
    expect(mentionedBy('ToolCallCardParts.Retry')).toEqual(['ToolCallCardButtonProps']);
    expect(mentionedBy('ToolCallCardParts.Name')).toEqual(['PartComponent']);
    expect(mentionedBy('UseChatToolsOptions')).toEqual(['ToolCallsOptions', 'ChatLink']);
  });
});
