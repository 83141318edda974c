// The composer: mentions, sounds, formatting, replies, drafts and editing, on desktop and phone.
import { expect, type Page } from '@playwright/test';
import { test } from './fixtures';
import { composer, expectMessages, messageBodies, messageEditor, phone, sendMessage, waitForComposer } from './helpers';

test.beforeEach(async ({ ada, grace }) => {
  await waitForComposer(ada);
  await waitForComposer(grace);
});

/** Types key by key, because autocomplete and autoformat react to each key. */
async function write(page: Page, text: string): Promise<void> {
  await composer(page).focus();
  await page.keyboard.type(text);
}

test('a mention chosen with the keyboard is linked for everyone, highlighted for the mentioned person and in their inbox', async ({
  ada,
  grace,
  server,
  cookie,
}) => {
  await write(ada, 'Look at this, @gra');
  await expect(ada.getByRole('option')).toHaveText([/Grace Hopper/]);
  await ada.keyboard.press('Enter');
  await expect(ada.getByRole('listbox')).toHaveCount(0);
  await expect(composer(ada)).toHaveText(/Grace Hopper/);
  await ada.keyboard.type('please');
  await ada.keyboard.press('Enter');

  const mention = grace.locator('.message__body a.mention');
  await expect(mention).toHaveText('Grace Hopper');
  await expect(mention).toHaveAttribute('href', /^\/users\/\d+$/);
  await expect(grace.locator('.message--mentions-me')).toHaveCount(1);
  await expect(ada.locator('.message__body a.mention')).toHaveText('Grace Hopper');
  await expect(ada.locator('.message--mentions-me')).toHaveCount(0);
  const plain = await server.postMessage(cookie, 'and no one in particular');
  const other = grace.locator(`[data-message-id="${plain.id}"] .message__body`);
  await expect(other).toBeVisible();
  const backgroundColor = (body: Element) => getComputedStyle(body).backgroundColor;
  expect(await messageBodies(grace).first().evaluate(backgroundColor)).not.toBe(await other.evaluate(backgroundColor));

  await grace.getByRole('link', { name: /Inbox/ }).click();
  await expect(grace.getByText('Ada Lovelace mentioned you')).toBeVisible();
  await expect(grace.getByText(/Look at this/)).toBeVisible();
});

test('pressing Enter twice chooses the mention and sends the message', async ({ ada, grace }) => {
  await write(ada, 'Over to you, @gra');
  await expect(ada.getByRole('option')).toHaveText([/Grace Hopper/]);
  // Both events arrive before the page can render.
  await composer(ada).evaluate((element) => {
    const enter = () => new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true });
    element.dispatchEvent(enter());
    element.dispatchEvent(enter());
  });
  await expect(messageBodies(grace).locator('.mention')).toHaveText('Grace Hopper');
  await expect(composer(ada)).toHaveText('');
});

test('a suggested sound is sent as its command and shown as a play button', async ({ ada, grace }) => {
  await write(ada, '/play ');
  const options = ada.getByRole('listbox', { name: 'Sounds to play' }).getByRole('option');
  await expect(options.first()).toBeVisible();
  await ada.keyboard.press('ArrowDown');
  await ada.keyboard.press('Enter');
  await expect(composer(ada)).toHaveText(/^\/play \w+$/);
  const name = ((await composer(ada).textContent()) ?? '').replace('/play ', '').trim();
  // The list still shows the completed sound and ignores Enter.
  await ada.keyboard.press('Enter');
  await expect(ada.getByRole('listbox')).toHaveCount(0);
  await expect(grace.getByRole('button', { name: `Play ${name}`, exact: true })).toBeVisible();
  await expect(ada.getByRole('button', { name: `Play ${name}`, exact: true })).toBeVisible();
});

test('Markdown is formatted while typing, and undo reverts only the formatting', async ({ ada, grace }) => {
  await write(ada, 'so **very**');
  await expect(composer(ada).locator('strong')).toHaveText('very');
  await ada.keyboard.press('ControlOrMeta+z');
  await expect(composer(ada).locator('strong')).toHaveCount(0);
  await expect(composer(ada)).toHaveText('so **very**');
  await ada.keyboard.press('ControlOrMeta+a');
  await ada.keyboard.press('Backspace');

  await ada.keyboard.type('> quoted');
  await expect(composer(ada).locator('blockquote')).toHaveText('quoted');
  await ada.keyboard.press('ControlOrMeta+a');
  await ada.keyboard.press('Backspace');
  await ada.keyboard.press('Backspace');
  await expect(composer(ada).locator('blockquote')).toHaveCount(0);

  await ada.keyboard.type('**bold** _slanted_ ~~gone~~ `code`');
  await ada.keyboard.press('Enter');
  const sent = messageBodies(grace).first();
  await expect(sent).toHaveText('bold slanted gone code');
  await expect(sent.locator('strong')).toHaveText('bold');
  await expect(sent.locator('em')).toHaveText('slanted');
  await expect(sent.locator('del')).toHaveText('gone');
  await expect(sent.locator('code')).toHaveText('code');
});

test('Enter sends and Shift+Enter breaks the line; with the toolbar open Ctrl+Enter sends', async ({ ada, grace }) => {
  await write(ada, 'one');
  await ada.keyboard.press('Shift+Enter');
  await ada.keyboard.type('two');
  await expect(messageBodies(ada)).toHaveCount(0);
  await ada.keyboard.press('Enter');
  await expect(messageBodies(grace)).toHaveCount(1);
  await expect(messageBodies(grace).first().locator('br')).toHaveCount(1);

  await ada.getByRole('button', { name: 'Rich text' }).click();
  await expect(ada.getByRole('toolbar', { name: 'Formatting' })).toBeVisible();
  await expect(composer(ada)).toBeFocused();
  await ada.keyboard.type('three');
  await ada.keyboard.press('Enter');
  await ada.keyboard.type('four');
  await expect(composer(ada)).toHaveText(/three\s*four/);
  await expect(messageBodies(ada)).toHaveCount(1);
  await ada.keyboard.press('ControlOrMeta+Enter');
  await expect(messageBodies(grace)).toHaveCount(2);
  await expect(ada.getByRole('toolbar', { name: 'Formatting' })).toHaveCount(0);
});

test('Enter that confirms an IME composition does not send', async ({ ada, grace, server, cookie }) => {
  await composer(ada).focus();
  const keyboard = await ada.context().newCDPSession(ada);
  await keyboard.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 });
  await keyboard.send('Input.dispatchKeyEvent', {
    type: 'rawKeyDown',
    key: 'Enter',
    code: 'Enter',
    windowsVirtualKeyCode: 229,
  });
  await keyboard.send('Input.insertText', { text: '日本' });
  await expect(composer(ada)).toHaveText('日本');
  await expect(ada.locator('.message')).toHaveCount(0);
  await ada.keyboard.press('Enter');
  await expectMessages(grace, ['日本']);
  expect(await server.messageTexts(cookie)).toEqual(['日本']);
});

test('a draft survives a reload with its formatting and disappears once sent', async ({ ada, grace }) => {
  await write(ada, 'not **yet**');
  await expect(composer(ada).locator('strong')).toHaveText('yet');
  await expect(async () => {
    await ada.reload();
    await waitForComposer(ada);
    await expect(composer(ada).locator('strong')).toHaveText('yet', { timeout: 500 });
  }).toPass();
  await expect(composer(ada)).toHaveText('not yet');
  await composer(ada).press('Enter');
  await expectMessages(grace, ['not yet']);
  await ada.reload();
  await waitForComposer(ada);
  await expect(composer(ada)).toHaveText('');
});

test('the up arrow in an empty composer edits your last message', async ({ ada, grace }) => {
  await sendMessage(ada, 'frist');
  await sendMessage(grace, 'something else');
  await expectMessages(ada, ['frist', 'something else']);
  await composer(ada).focus();
  await ada.keyboard.press('ArrowUp');
  const editor = messageEditor(ada);
  await expect(editor).toBeFocused();
  await expect(editor).toHaveText('frist');
  await ada.keyboard.press('ControlOrMeta+a');
  await ada.keyboard.type('first');
  await ada.keyboard.press('ControlOrMeta+Enter');
  await expectMessages(grace, ['first', 'something else']);
});

test('a reply quotes the message, links to it and appears in its author’s inbox', async ({
  ada,
  grace,
  server,
  cookie,
}) => {
  const { id } = await server.postMessage(cookie, 'Shall we?');
  const question = grace.locator('.message').filter({ hasText: 'Shall we?' });
  await question.hover();
  await question.getByRole('button', { name: 'Message actions' }).click();
  await grace.getByRole('menuitem', { name: 'Reply', exact: true }).click();
  await expect(composer(grace)).toBeFocused();
  await expect(composer(grace).locator('blockquote')).toHaveText('Shall we?');
  await grace.keyboard.type('We shall.');
  await grace.keyboard.press('Enter');

  const answer = messageBodies(ada).nth(1);
  await expect(answer.locator('blockquote')).toHaveText('Shall we?');
  await expect(answer).toHaveText(/We shall\./);
  await expect(answer.locator('cite a')).toHaveAttribute('href', `/rooms/1/@${id}`);
  await answer.locator('cite a').click();
  await expect(ada).toHaveURL(new RegExp(`/rooms/1/@${id}$`));
  await expect(ada.locator('.message--marked')).toHaveAttribute('data-message-id', String(id));
  await ada.getByRole('link', { name: /Inbox/ }).click();
  await expect(ada.getByText('Grace Hopper replied to you')).toBeVisible();
});

test('the typing indicator appears while someone types and disappears with their message', async ({ ada, grace }) => {
  await write(ada, 'I think that');
  await expect(grace.locator('.typing')).toHaveText('Ada Lovelace is typing…');
  await expect(ada.locator('.typing')).toHaveCount(0);
  await ada.keyboard.press('Enter');
  await expectMessages(grace, ['I think that']);
  await expect(grace.locator('.typing')).toHaveCount(0);
});

test('a message that is too long stays in the composer and can be sent once shortened', async ({ ada, grace }) => {
  await composer(ada).focus();
  await ada.keyboard.insertText('ü'.repeat(33_000));
  await expect(ada.getByText('This message is too long to be sent.')).toBeVisible();
  await ada.keyboard.press('Enter');
  await expect(composer(ada)).toHaveText(/^ü{33000}$/);
  await expect(ada.locator('.message')).toHaveCount(0);
  await ada.keyboard.press('ControlOrMeta+a');
  await ada.keyboard.insertText('short');
  await expect(ada.getByText('This message is too long to be sent.')).toHaveCount(0);
  await ada.keyboard.press('Enter');
  await expectMessages(grace, ['short']);
});

test('on a phone, Enter breaks the line and the button sends', async ({ grace, join }) => {
  const page = await join('Edsger Dijkstra', phone);
  await waitForComposer(page);
  await composer(page).tap();
  await page.keyboard.type('one');
  await page.keyboard.press('Enter');
  await page.keyboard.type('two');
  await expect(composer(page)).toHaveText(/one\s*two/);
  await expect(page.locator('.message')).toHaveCount(0);
  await page.getByRole('button', { name: 'Send Message' }).tap();
  await expect(messageBodies(grace)).toHaveCount(1);
  await expect(messageBodies(grace).first()).toHaveText(/one\s*two/);
  await expect(composer(page)).toHaveText('');
  await expect(page.getByRole('button', { name: 'Send Message' })).toBeDisabled();
});

test('an unsaved edit survives editing another message and a reload, until it is saved or discarded', async ({
  ada,
}) => {
  await sendMessage(ada, 'one');
  await sendMessage(ada, 'two');
  await expectMessages(ada, ['one', 'two']);
  const edit = async (text: string) => {
    const message = ada.locator('.message').filter({ hasText: text });
    await message.hover();
    await message.getByRole('button', { name: 'Message actions' }).click();
    await ada.getByRole('menuitem', { name: 'Edit' }).click();
    await expect(messageEditor(ada)).toBeFocused();
  };
  const editor = messageEditor(ada);
  await edit('one');
  await ada.keyboard.type(' and a half');
  await edit('two');
  await expect(editor).toHaveText('two');
  await expect(ada.locator('.toasts')).toContainText('unsaved changes to that message are kept');
  await ada.keyboard.press('Escape');
  await edit('one');
  await expect(editor).toHaveText('one and a half');
  await expect(ada.getByText('These are your unsaved changes from before.')).toBeVisible();
  await ada.keyboard.press('ControlOrMeta+Enter');
  await expectMessages(ada, ['one and a half', 'two']);

  // A reload, for example for a new version, keeps it as well.
  await edit('two');
  await ada.keyboard.type(' and more');
  await ada.reload();
  await edit('two');
  await expect(editor).toHaveText('two and more');
  await ada.keyboard.press('Escape');
  await ada.reload();
  await edit('two');
  await expect(editor).toHaveText('two');
});
