'use client';
/** The door of `use-parallel-tools/testing/react`: what a test renders with, on `@testing-library/react`. */
export {
  renderWithToolCalls,
  type RenderedUi,
  type RenderWithToolCallsOptions,
  type RenderWithToolCallsResult,
} from './render-with-tool-calls.tsx';
