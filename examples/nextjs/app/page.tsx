import { Chat } from './chat';

export default function Page() {
  return (
    <main>
      <h1>Weather</h1>
      <Chat />
    </main>
  );
}
