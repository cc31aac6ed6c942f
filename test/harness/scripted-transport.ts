// Owns: nothing. The kit that users have (`use-parallel-tools/testing`) is what the tests of this repository use.
export { ScriptedResponse } from '../../src/testing/scripted-response.ts';
export { ScriptedTransport } from '../../src/testing/scripted-transport.ts';
