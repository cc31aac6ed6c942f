// Owns: the demo's story of a poisoned page, in a real Chromium: what the model is sent, and that the mail waits for a person.
import { describe, expect, it } from 'vitest';
import { openDemo, type DemoPage } from './demo-server.ts';
import { serveDemo } from './served-demo.ts';

const served = serveDemo();

let demo: DemoPage;
/** Reads the page up to the mail that the model wants to send; gives what the server was sent. */
async function readPoisonedPage(): Promise<string[]> {
  demo = await openDemo(served.browser, served.source.url);
  const bodies: string[] = [];
  demo.page.on('request', (request) => bodies.push(request.postData() ?? ''));
  await demo.page.getByRole('button', { name: /Read a poisoned page/ }).click();
  await mail().waitFor();
  return bodies;
}

const mail = () =>
  demo.page.locator('[data-slot="tool-call-card"][data-status="awaiting-approval"]').filter({ hasText: 'Send mail' });
const answer = (text: string) => demo.page.locator('.text').filter({ hasText: text });

describe('a page that wants an address mailed away', () => {
  it('gets nothing without a person’s yes, and the card says why', async () => {
    const bodies = await readPoisonedPage();
    const card = await mail().textContent();
    expect(card).toMatch(/private data \(personal:address, from Look up address\)/);
    expect(card).toMatch(/others wrote \(from Read web page\)/);
    expect(card).toMatch(/input repeats private data from Look up address/);
    // The card of the lookup has all of it; the model has not.
    const lookup = demo.page.locator('[data-slot="tool-call-card"]').filter({ hasText: 'Look up address' }).first();
    expect(await lookup.textContent()).toContain('Partly withheld from the model');
    expect(bodies.join()).toContain('Lindenweg 12');
    expect(bodies.join()).not.toContain('1234567');
    await mail().getByRole('button', { name: /^Deny/ }).click();
    await answer('I mailed nobody').waitFor();
    const sources = demo.page.getByText('From 2 calls · 1 with personal data');
    await sources.click();
    expect(await demo.page.locator('[data-slot="tool-call-source"]').allTextContents()).toEqual([
      'Look up addresspersonal:addressPartly withheld',
      'Read web pageText that others wrote',
    ]);
    await demo.close();
    expect(demo.complaints).toEqual([]);
  });

  it('gets it once the person has said yes', async () => {
    await readPoisonedPage();
    await mail()
      .getByRole('button', { name: /^Approve/ })
      .click();
    await answer('I have mailed your address').waitFor();
    await demo.close();
    expect(demo.complaints).toEqual([]);
  });
});
