import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const guide = readFileSync('docs/assistant-ui.md', 'utf8');

it.each(['hook', 'thread', 'runtime'])('shows in docs/assistant-ui.md the code that is tested: %s', (name) => {
  const [, ...code] = readFileSync(`test/hosts/assistant-ui-${name}.tsx`, 'utf8').split('\n');
  expect(guide).toContain(`\`\`\`tsx\n${code.join('\n')}\`\`\``);
});
