// Owns: the worker of the page with tools that compute.
import { exposeTools } from 'use-parallel-tools/worker';
import { spin } from './spin.ts';

exposeTools({ spin: ({ milliseconds }: { milliseconds: number }) => spin(milliseconds) });
