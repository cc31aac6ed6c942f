'use client';
/** The door of `use-parallel-tools/testing/react`: what a test renders with, on `@testing-library/react`. */
export { renderWithToolCalls } from './render-with-tool-calls.tsx';
