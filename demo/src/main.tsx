// Owns the start of the page.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import 'use-parallel-tools/styles.css';
import './app.css';
import { App } from './app.tsx';

const root = document.querySelector('#root');
if (!root) throw new Error('index.html has no element #root to render into.');

createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
