// Owns: what the linter forbids, and why. The rooms and who may import whom are those of ARCHITECTURE.md.
import { defineConfig } from 'oxlint';

/** Forbids imports that match `regex`; the message says why, and where the code belongs instead. */
const forbid = (regex: string, message: string, { allowTypeImports = false } = {}) => ({
  regex,
  message,
  allowTypeImports,
});
const restrictImports = (...patterns: ReturnType<typeof forbid>[]): ['error', { patterns: typeof patterns }] => [
  'error',
  { patterns },
];

const theWay =
  'The way is core <- messages <- sdk <- chat <- react <- components, never back: pass in what you need, or move it down.';
const room = (...names: string[]) => `^(\\.\\./)+(${names.join('|')})\\b`;

const nodeModules = forbid('^node:', "src runs in browsers and edge runtimes, where Node's modules are not.");
const theDoor = forbid(
  room('index'),
  'src/index.ts is the door for users: inside, import the file itself, or modules run in circles.',
);
const reactPackages = '^(react|react-dom|@ai-sdk/react)(/|$)|^@radix-ui/';
const zustandWithReact = '^zustand$|^zustand/(react|shallow|traditional)';

const banned = (names: string[], message: string) => names.map((name) => ({ name, message }));

const useTheClock = 'core/clock.ts is the only file touching time: use the clock, or tests cannot set the time.';
const useTheDice = 'core/clock.ts is the only file touching randomness: use the clock, or tests cannot repeat a run.';
const timeAndRandomness = [
  ...banned(['performance', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'], useTheClock),
  ...banned(['crypto'], useTheDice),
];
const dom = banned(
  ['window', 'document', 'navigator', 'localStorage', 'sessionStorage', 'requestAnimationFrame'],
  'core and chat have no DOM: they also run in a worker, on a server and in a test.',
);
const restrictGlobals = (
  globals: ReturnType<typeof banned>,
): ['error', { checkGlobalObject: boolean; globals: typeof globals }] => [
  'error',
  { checkGlobalObject: true, globals },
];

/** A room on the side of the AI SDK: without React, so that it runs in a worker, a route and a test. */
const sdkRoom = (name: string, forbidden: string[], message: string) => [
  {
    files: [`src/${name}/**`],
    rules: {
      'no-restricted-globals': restrictGlobals([...timeAndRandomness, ...dom]),
      'no-restricted-imports': restrictImports(
        forbid(reactPackages, `${name} runs without React. Hooks belong in src/react.`),
        forbid(zustandWithReact, `${name} imports 'zustand/vanilla': the 'zustand' root re-exports React.`),
        forbid(room(...forbidden, 'durable', 'testing', 'react', 'components'), `${message} ${theWay}`),
        theDoor,
        nodeModules,
      ),
    },
  },
];

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'react', 'jsx-a11y', 'vitest', 'promise'],
  categories: { correctness: 'error', suspicious: 'error' },
  options: { reportUnusedDisableDirectives: 'error' },
  ignorePatterns: ['dist', 'demo-dist', 'storybook-static', 'coverage'],
  rules: {
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    'import/no-cycle': 'error',
    // fast-check's own way: `import fc from 'fast-check'`.
    'import/no-named-as-default-member': 'off',
    'import/no-unassigned-import': ['error', { allow: ['**/*.css'] }],
    'jsx-a11y/prefer-tag-over-role': 'off',
    'no-shadow': 'off',
    'no-underscore-dangle': 'off',
    'promise/always-return': 'off',
    'react/exhaustive-deps': 'error',
    'react/no-unstable-nested-components': ['error', { allowAsProps: true }],
    'react/react-in-jsx-scope': 'off',
    'react/rules-of-hooks': 'error',
    'typescript/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description', 'ts-ignore': true }],
    'typescript/consistent-type-imports': [
      'error',
      { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
    ],
    'typescript/no-explicit-any': 'error',
    'unicorn/consistent-function-scoping': 'off',
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'unicorn/no-array-sort': 'off',
    'vitest/require-mock-type-parameters': 'off',
  },
  overrides: [
    {
      files: ['src/**'],
      rules: {
        'import/no-default-export': 'error',
        'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
        'no-console': 'error',
        'no-restricted-globals': restrictGlobals(timeAndRandomness),
        'no-restricted-properties': [
          'error',
          { object: 'Date', property: 'now', message: useTheClock },
          { object: 'AbortSignal', property: 'timeout', message: useTheClock },
          { object: 'Math', property: 'random', message: useTheDice },
        ],
      },
    },
    {
      files: ['src/core/**'],
      rules: {
        'no-restricted-globals': restrictGlobals([...timeAndRandomness, ...dom]),
        'no-restricted-imports': restrictImports(
          forbid(
            reactPackages,
            'core runs calls without React. Hooks belong in src/react, what people see in src/components.',
          ),
          forbid(
            zustandWithReact,
            "core imports 'zustand/vanilla': the 'zustand' root re-exports React, which core runs without.",
          ),
          forbid(
            '^ai(/|$)|^@ai-sdk/([^r]|r[^e])',
            "core may import the AI SDK's types, never its values: a runner without a chat must not load it. Values belong in src/chat.",
            { allowTypeImports: true },
          ),
          forbid(
            room(
              'messages',
              'sdk',
              'definitions',
              'chat',
              'server',
              'worker',
              'durable',
              'disclosure',
              'approvals',
              'tracing',
              'undo',
              'join',
              'webmcp',
              'devtools',
              'cache',
              'early',
              'refs',
              'session',
              'testing',
              'react',
              'components',
            ),
            `core imports no other room. ${theWay}`,
          ),
          theDoor,
          nodeModules,
        ),
      },
    },
    ...sdkRoom(
      'messages',
      ['sdk', 'definitions', 'chat', 'server'],
      'messages reads and writes what the SDK keeps, and imports core only.',
    ),
    ...sdkRoom(
      'sdk',
      ['definitions', 'chat', 'server'],
      "sdk fits the SDK's chat and transport to us, and imports core and messages only.",
    ),
    ...sdkRoom(
      'definitions',
      ['messages', 'sdk', 'chat', 'server'],
      'definitions says what tools are, to a page and to a route: it imports core only.',
    ),
    ...sdkRoom(
      'server',
      ['messages', 'sdk', 'chat'],
      'server is what a route needs: it imports core and definitions only.',
    ),
    ...sdkRoom(
      'worker',
      ['messages', 'sdk', 'definitions', 'chat', 'server'],
      'worker runs tools elsewhere, and imports core only.',
    ),
    ...sdkRoom(
      'cache',
      ['messages', 'sdk', 'definitions', 'chat', 'server', 'worker'],
      'cache keeps results, and imports core only.',
    ),
    ...sdkRoom(
      'early',
      ['sdk', 'definitions', 'chat', 'server', 'worker', 'cache', 'refs'],
      'early starts calls early: it knows a chat by its host, imports core, and reads parts through messages.',
    ),
    ...sdkRoom(
      'refs',
      ['messages', 'sdk', 'definitions', 'chat', 'server', 'worker', 'cache', 'early'],
      'refs fills inputs: it knows a chat by its host, and imports core only.',
    ),
    ...sdkRoom(
      'webmcp',
      ['messages', 'sdk', 'definitions', 'chat', 'server', 'worker'],
      'webmcp brings tools to the browser and from there, and imports core only.',
    ),
    ...sdkRoom(
      'session',
      ['sdk', 'definitions', 'chat', 'server', 'worker'],
      'session is the file of what happened to calls: it imports core, and reads parts through messages.',
    ),
    {
      files: ['src/testing/**'],
      rules: {
        'no-restricted-imports': restrictImports(
          forbid(
            room('server', 'worker', 'durable', 'disclosure', 'approvals', 'tracing', 'undo', 'webmcp', 'devtools'),
            'The test kit tests a chat with whatever plugins it is given, and imports none.',
          ),
          theDoor,
          nodeModules,
        ),
      },
    },
    ...sdkRoom('chat', ['definitions', 'server', 'join'], 'chat imports core, messages and sdk only.'),
    ...sdkRoom(
      'join',
      ['server'],
      'join brings a chat of any framework and a bridge together: it imports core, messages, sdk, definitions and chat.',
    ),
    {
      files: ['src/disclosure/**', 'src/approvals/**', 'src/tracing/**', 'src/undo/**', 'src/devtools/**'],
      rules: {
        'no-restricted-imports': restrictImports(
          forbid(
            room('sdk', 'definitions', 'chat', 'server', 'worker'),
            'A plugin knows a chat by its host: it imports core, reads parts through messages, and shows through react and components.',
          ),
          theDoor,
          nodeModules,
        ),
      },
    },
    {
      files: ['src/durable/**'],
      rules: {
        'no-restricted-imports': restrictImports(
          forbid(reactPackages, 'durable runs without React: it stands beside a chat as a plugin.'),
          forbid(zustandWithReact, "durable imports 'zustand/vanilla': the 'zustand' root re-exports React."),
          forbid(
            '^ai(/|$)|^@ai-sdk/([^r]|r[^e])',
            "durable may import the AI SDK's types only: it knows calls, not how a chat talks.",
            { allowTypeImports: true },
          ),
          forbid(
            room('messages', 'sdk', 'definitions', 'chat', 'server', 'react', 'components'),
            `durable imports core only: what it needs of a chat is in the hand that core/plugins.ts gives it. ${theWay}`,
          ),
          theDoor,
          nodeModules,
        ),
      },
    },
    {
      files: ['src/react/**'],
      rules: {
        'no-restricted-imports': restrictImports(
          forbid(
            '^@radix-ui/',
            'react holds hooks and context: who brings other components must not load Radix. It belongs in src/components.',
          ),
          forbid(room('components'), `react imports no components. ${theWay}`),
          forbid(room('testing'), 'No page may load the test kit: it is for tests and stories.'),
          theDoor,
          nodeModules,
        ),
      },
    },
    {
      files: ['src/components/**'],
      rules: {
        'no-restricted-imports': restrictImports(
          forbid(
            '^ai(/|$)|^@ai-sdk/',
            'components know calls and commands; only src/chat handles the AI SDK. Its types are fine.',
            {
              allowTypeImports: true,
            },
          ),
          forbid(
            room('messages', 'sdk', 'chat'),
            'components know calls and commands, not the chat behind them: read through a hook of src/react.',
          ),
          forbid(
            room('core/attempts', 'core/locks', 'core/rate-limit', 'core/scheduler', 'core/tool-runner'),
            'components know calls and commands, not how calls run: read through a selector, act through a command.',
          ),
          theDoor,
          nodeModules,
        ),
      },
    },
    {
      files: ['src/core/clock.ts'],
      rules: { 'no-restricted-globals': 'off', 'no-restricted-properties': 'off' },
    },
    {
      files: ['test/**'],
      rules: {
        'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
        'vitest/expect-expect': ['error', { assertFunctionNames: ['expect*', 'assertType', 'fc.assert', 'describe*'] }],
        'vitest/no-conditional-expect': 'off',
        'vitest/no-focused-tests': 'error',
        'vitest/no-standalone-expect': 'off', // an `afterEach` may judge what a whole test left behind
      },
    },
    {
      // As the templates of Vite and Next.js name them.
      files: ['examples/**'],
      rules: { 'unicorn/filename-case': 'off' },
    },
    {
      // Playwright's `waitFor` is an assertion.
      files: ['test/e2e/**'],
      rules: { 'vitest/expect-expect': 'off' },
    },
  ],
});
