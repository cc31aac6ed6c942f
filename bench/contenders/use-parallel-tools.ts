// Owns: this library as a contender. From src, file by file: the door would bring the components, which Node cannot read.
import { DefaultChatTransport } from 'ai';
import { useState } from 'react';
import { z } from 'zod';
import { clientTool } from '../../src/core/tool.ts';
import { useParallelTools } from '../../src/react/use-parallel-tools.ts';
import { work, type ChatContender } from './chat-contender.ts';

const tools = {
  work: clientTool({ inputSchema: z.object({ milliseconds: z.number() }), readOnly: true, execute: work }),
};

export const parallelTools: ChatContender = {
  name: 'useParallelTools',
  useChat(api) {
    const [transport] = useState(() => new DefaultChatTransport({ api }));
    return useParallelTools({ transport, tools });
  },
};
