/** React DOM that counts commits; otherwise the same as in production. */
declare module 'react-dom/profiling' {
  export { createRoot } from 'react-dom/client';
}
