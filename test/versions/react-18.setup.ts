// Owns: React 18 for whatever Node itself loads, such as @ai-sdk/react, Radix or Testing Library, which would find the React of the project.
import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ignoreConsole } from '../setup/console.ts';

const modules = process.env['REACT_18'];
if (modules === undefined) throw new Error('Expected REACT_18 to be a folder with React 18: use react-18.config.ts');
const manifest = pathToFileURL(join(modules, '..', 'package.json')).href;
const require = createRequire(manifest);

registerHooks({
  resolve(specifier, context, next) {
    const isReact = /^react(-dom)?(\/|$)/.test(specifier) && context.parentURL !== manifest;
    return isReact
      ? { url: pathToFileURL(require.resolve(specifier)).href, shortCircuit: true }
      : next(specifier, context);
  },
});

// It tells of a thrown error twice.
ignoreConsole(/^The above error occurred in /);
// With a DOM around it a server's rendering looks like a browser's. `react-18-server.test.tsx` renders where there is none, as servers do.
if (typeof document !== 'undefined') ignoreConsole(/^Warning: useLayoutEffect does nothing on the server/);
