// What people do while they write: mention, play, format, reply, change their minds, on a computer and on a phone.
import { expect, type Page } from '@playwright/test';
import { test } from './fixtures';
import { bodies, editorOf, field, phone, ready, say, shows } from './helpers';

test.beforeEach(async ({ ada, grace }) => {
  await ready(ada);
  await ready(grace);
});

/** Types key by key, as what is typed is looked at key by key. */
async function write(page: Page, text: string): Promise<void> {
  await field(page).focus();
  await page.keyboard.type(text);
}

test('a mention is chosen by keyboard, seen as one by all, tinted for whom it calls, and in their inbox', async ({
  ada,
  grace,
  server,
  cookie,
}) => {
  await write(ada, 'Look at this, @gra');
  await expect(ada.getByRole('option')).toHaveText([/Grace Hopper/]);
  await ada.keyboard.press('Enter');
  await expect(ada.getByRole('listbox')).toHaveCount(0);
  await expect(field(ada)).toHaveText(/Grace Hopper/);
  await ada.keyboard.type('please');
  await ada.keyboard.press('Enter');

  const mention = grace.locator('.message__body a.mention');
  await expect(mention).toHaveText('Grace Hopper');
  await expect(mention).toHaveAttribute('href', /^\/users\/\d+$/);
  await expect(grace.locator('.message--mentions-me')).toHaveCount(1);
  await expect(ada.locator('.message__body a.mention')).toHaveText('Grace Hopper');
  await expect(ada.locator('.message--mentions-me')).toHaveCount(0);
  const plain = await server.post(cookie, 'and nobody in particular');
  const other = grace.locator(`[data-message-id="${plain.id}"] .message__body`);
  await expect(other).toBeVisible();
  const shade = (body: Element) => getComputedStyle(body).backgroundColor;
  expect(await bodies(grace).first().evaluate(shade)).not.toBe(await other.evaluate(shade));

  await grace.getByRole('link', { name: /Inbox/ }).click();
  await expect(grace.getByText('Ada Lovelace mentioned you')).toBeVisible();
  await expect(grace.getByText(/Look at this/)).toBeVisible();
});

test('a mention is sent by the key right after the one that chose it', async ({ ada, grace }) => {
  await write(ada, 'Over to you, @gra');
  await expect(ada.getByRole('option')).toHaveText([/Grace Hopper/]);
  // Both before the page can show anything.
  await field(ada).evaluate((element) => {
    const enter = () => new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true });
    element.dispatchEvent(enter());
    element.dispatchEvent(enter());
  });
  await expect(bodies(grace).locator('.mention')).toHaveText('Grace Hopper');
  await expect(field(ada)).toHaveText('');
});

test('a sound is suggested, sent as its command, and heard as a sound by the others', async ({ ada, grace }) => {
  await write(ada, '/play ');
  const options = ada.getByRole('listbox', { name: 'Sounds to play' }).getByRole('option');
  await expect(options.first()).toBeVisible();
  await ada.keyboard.press('ArrowDown');
  await ada.keyboard.press('Enter');
  await expect(field(ada)).toHaveText(/^\/play \w+$/);
  const name = ((await field(ada).textContent()) ?? '').replace('/play ', '').trim();
  // The list still shows the sound that is complete now, and leaves the key alone.
  await ada.keyboard.press('Enter');
  await expect(ada.getByRole('listbox')).toHaveCount(0);
  await expect(grace.getByRole('button', { name: `Play ${name}`, exact: true })).toBeVisible();
  await expect(ada.getByRole('button', { name: `Play ${name}`, exact: true })).toBeVisible();
});

test('habits of Markdown become formatting, and undo takes the formatting back alone', async ({ ada, grace }) => {
  await write(ada, 'so **very**');
  await expect(field(ada).locator('strong')).toHaveText('very');
  await ada.keyboard.press('ControlOrMeta+z');
  await expect(field(ada).locator('strong')).toHaveCount(0);
  await expect(field(ada)).toHaveText('so **very**');
  await ada.keyboard.press('ControlOrMeta+a');
  await ada.keyboard.press('Backspace');

  await ada.keyboard.type('> quoted');
  await expect(field(ada).locator('blockquote')).toHaveText('quoted');
  await ada.keyboard.press('ControlOrMeta+a');
  await ada.keyboard.press('Backspace');
  await ada.keyboard.press('Backspace');
  await expect(field(ada).locator('blockquote')).toHaveCount(0);

  await ada.keyboard.type('**bold** _slanted_ ~~gone~~ `code`');
  await ada.keyboard.press('Enter');
  const sent = bodies(grace).first();
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
  await expect(bodies(ada)).toHaveCount(0);
  await ada.keyboard.press('Enter');
  await expect(bodies(grace)).toHaveCount(1);
  await expect(bodies(grace).first().locator('br')).toHaveCount(1);

  await ada.getByRole('button', { name: 'Rich text' }).click();
  await expect(ada.getByRole('toolbar', { name: 'Formatting' })).toBeVisible();
  await expect(field(ada)).toBeFocused();
  await ada.keyboard.type('three');
  await ada.keyboard.press('Enter');
  await ada.keyboard.type('four');
  await expect(field(ada)).toHaveText(/three\s*four/);
  await expect(bodies(ada)).toHaveCount(1);
  await ada.keyboard.press('ControlOrMeta+Enter');
  await expect(bodies(grace)).toHaveCount(2);
  await expect(ada.getByRole('toolbar', { name: 'Formatting' })).toHaveCount(0);
});

test('Enter that ends the work of an input method does not send', async ({ ada, grace, server, cookie }) => {
  await field(ada).focus();
  const keyboard = await ada.context().newCDPSession(ada);
  await keyboard.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 });
  await keyboard.send('Input.dispatchKeyEvent', {
    type: 'rawKeyDown',
    key: 'Enter',
    code: 'Enter',
    windowsVirtualKeyCode: 229,
  });
  await keyboard.send('Input.insertText', { text: '日本' });
  await expect(field(ada)).toHaveText('日本');
  await expect(ada.locator('.message')).toHaveCount(0);
  await ada.keyboard.press('Enter');
  await shows(grace, ['日本']);
  expect(await server.texts(cookie)).toEqual(['日本']);
});

test('a draft is there again after a reload, with its formatting, and gone once it was sent', async ({
  ada,
  grace,
}) => {
  await write(ada, 'not **yet**');
  await expect(field(ada).locator('strong')).toHaveText('yet');
  await expect(async () => {
    await ada.reload();
    await ready(ada);
    await expect(field(ada).locator('strong')).toHaveText('yet', { timeout: 500 });
  }).toPass();
  await expect(field(ada)).toHaveText('not yet');
  await field(ada).press('Enter');
  await shows(grace, ['not yet']);
  await ada.reload();
  await ready(ada);
  await expect(field(ada)).toHaveText('');
});

test('the up arrow in an empty field edits what one said last', async ({ ada, grace }) => {
  await say(ada, 'frist');
  await say(grace, 'something else');
  await shows(ada, ['frist', 'something else']);
  await field(ada).focus();
  await ada.keyboard.press('ArrowUp');
  const editor = editorOf(ada);
  await expect(editor).toBeFocused();
  await expect(editor).toHaveText('frist');
  await ada.keyboard.press('ControlOrMeta+a');
  await ada.keyboard.type('first');
  await ada.keyboard.press('ControlOrMeta+Enter');
  await shows(grace, ['first', 'something else']);
});

test('a reply quotes, leads to what it answers, and lands in the inbox of whom it answers', async ({
  ada,
  grace,
  server,
  cookie,
}) => {
  const { id } = await server.post(cookie, 'Shall we?');
  const question = grace.locator('.message').filter({ hasText: 'Shall we?' });
  await question.hover();
  await question.getByRole('button', { name: 'Message actions' }).click();
  await grace.getByRole('menuitem', { name: 'Reply', exact: true }).click();
  await expect(field(grace)).toBeFocused();
  await expect(field(grace).locator('blockquote')).toHaveText('Shall we?');
  await grace.keyboard.type('We shall.');
  await grace.keyboard.press('Enter');

  const answer = bodies(ada).nth(1);
  await expect(answer.locator('blockquote')).toHaveText('Shall we?');
  await expect(answer).toHaveText(/We shall\./);
  await expect(answer.locator('cite a')).toHaveAttribute('href', `/rooms/1/@${id}`);
  await answer.locator('cite a').click();
  await expect(ada).toHaveURL(new RegExp(`/rooms/1/@${id}$`));
  await expect(ada.locator('.message--marked')).toHaveAttribute('data-message-id', String(id));
  await ada.getByRole('link', { name: /Inbox/ }).click();
  await expect(ada.getByText('Grace Hopper replied to you')).toBeVisible();
});

test('who types is seen by the other and no longer once the message is there', async ({ ada, grace }) => {
  await write(ada, 'I think that');
  await expect(grace.locator('.typing')).toHaveText('Ada Lovelace is typing…');
  await expect(ada.locator('.typing')).toHaveCount(0);
  await ada.keyboard.press('Enter');
  await shows(grace, ['I think that']);
  await expect(grace.locator('.typing')).toHaveCount(0);
});

test('a text that is too long is refused where it stands, and goes out once it is shorter', async ({ ada, grace }) => {
  await field(ada).focus();
  await ada.keyboard.insertText('ü'.repeat(33_000));
  await expect(ada.getByText('This message is too long to be sent.')).toBeVisible();
  await ada.keyboard.press('Enter');
  await expect(field(ada)).toHaveText(/^ü{33000}$/);
  await expect(ada.locator('.message')).toHaveCount(0);
  await ada.keyboard.press('ControlOrMeta+a');
  await ada.keyboard.insertText('short');
  await expect(ada.getByText('This message is too long to be sent.')).toHaveCount(0);
  await ada.keyboard.press('Enter');
  await shows(grace, ['short']);
});

test('on a phone Enter breaks the line and the button sends', async ({ grace, join }) => {
  const page = await join('Edsger Dijkstra', phone);
  await ready(page);
  await field(page).tap();
  await page.keyboard.type('one');
  await page.keyboard.press('Enter');
  await page.keyboard.type('two');
  await expect(field(page)).toHaveText(/one\s*two/);
  await expect(page.locator('.message')).toHaveCount(0);
  await page.getByRole('button', { name: 'Send Message' }).tap();
  await expect(bodies(grace)).toHaveCount(1);
  await expect(bodies(grace).first()).toHaveText(/one\s*two/);
  await expect(field(page)).toHaveText('');
  await expect(page.getByRole('button', { name: 'Send Message' })).toBeDisabled();
});

test('changes to a message survive another edit and a reload, until they are saved or discarded', async ({ ada }) => {
  await say(ada, 'one');
  await say(ada, 'two');
  await shows(ada, ['one', 'two']);
  const edit = async (text: string) => {
    const message = ada.locator('.message').filter({ hasText: text });
    await message.hover();
    await message.getByRole('button', { name: 'Message actions' }).click();
    await ada.getByRole('menuitem', { name: 'Edit' }).click();
    await expect(editorOf(ada)).toBeFocused();
  };
  const editor = editorOf(ada);
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
  await shows(ada, ['one and a half', 'two']);

  // A page that is loaded anew, for a new version perhaps, loses none of it either.
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
