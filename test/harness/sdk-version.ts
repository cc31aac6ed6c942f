// Owns: which AI SDK and which React a test runs on. What an older version does not have, its tests leave out.

/** The tests run on AI SDK 6 (`test/versions/ai-6.config.ts`). */
export const isAiSdk6 = process.env['AI_SDK'] === '6';

/** The tests run on React 18 (`test/versions/react-18.config.ts`), which has no `Activity`. */
export const isReact18 = process.env['REACT_18'] !== undefined;
