// Owns: React Testing Library without Vitest's globals, which it would otherwise look for.
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

// A laden machine is slow; what comes ends the waiting at once.
configure({ asyncUtilTimeout: 10_000 });

afterEach(cleanup);
