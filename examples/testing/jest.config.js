/** @type {import('jest').Config} */
export default {
  // jsdom with the streams and the `structuredClone` of Node, which the AI SDK needs.
  testEnvironment: 'jest-fixed-jsdom',
  testMatch: ['<rootDir>/test/**/*.test.{ts,tsx}'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '\\.tsx?$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript', tsx: true }, transform: { react: { runtime: 'automatic' } } } },
    ],
  },
};
