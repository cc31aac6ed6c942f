// Owns: what the built package looks like to TypeScript, through its `exports`. `npm run check:declarations` compiles it without types of
// anybody else's, where an import of a stylesheet without a declaration is an error from TypeScript 6 on (TS2882).
import 'use-parallel-tools/styles.css';
import { rememberedApprovals } from 'use-parallel-tools/approvals';
import { resultCache } from 'use-parallel-tools/cache';
import { createToolRunner } from 'use-parallel-tools/core';
import { disclosure } from 'use-parallel-tools/disclosure';
import { toolCallJournal } from 'use-parallel-tools/durable';
import { ToolCallsDevtools } from 'use-parallel-tools/devtools';
import { earlyStart } from 'use-parallel-tools/early';
import { toolCallRefs } from 'use-parallel-tools/refs';
import { toolCallsDevtools } from 'use-parallel-tools/devtools/production';
import { createChatLink, joinChat } from 'use-parallel-tools/join';
import { toolDefinitions } from 'use-parallel-tools/server';
import { createTestChat } from 'use-parallel-tools/testing';
import { renderWithToolCalls } from 'use-parallel-tools/testing/react';
import { tracing } from 'use-parallel-tools/tracing';
import { offerTools } from 'use-parallel-tools/webmcp';
import { undo } from 'use-parallel-tools/undo';
import { workerTool } from 'use-parallel-tools/worker';
import { useParallelTools } from 'use-parallel-tools';

export const entries = [
  rememberedApprovals,
  resultCache,
  createToolRunner,
  ToolCallsDevtools,
  toolCallsDevtools,
  disclosure,
  toolCallJournal,
  earlyStart,
  toolCallRefs,
  renderWithToolCalls,
  tracing,
  offerTools,
  createChatLink,
  joinChat,
  toolDefinitions,
  undo,
  workerTool,
  createTestChat,
  useParallelTools,
];
