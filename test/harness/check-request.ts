// Owns: nothing. See scripted-transport.ts.
export { findProblems } from '../../src/testing/check-request.ts';
