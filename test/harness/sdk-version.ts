// Owns: which AI SDK a test runs on. What version 6 does not have, its tests leave out.

/** The tests run on AI SDK 6 (`test/versions/ai-6.config.ts`). */
export const isAiSdk6 = process.env['AI_SDK'] === '6';
