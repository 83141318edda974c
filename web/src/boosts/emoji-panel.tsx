import { EmojiPicker } from "frimousse";
import { strings } from "../strings";

interface Props {
  onPick: (emoji: string) => void;
}

/** The panel opens below a message, possibly outside the viewport. */
function intoView(panel: HTMLElement | null) {
  panel?.scrollIntoView({ block: "nearest" });
}

/** The emoji picker. Its data is served by our own server. */
export default function EmojiPanel({ onPick }: Props) {
  return (
    <EmojiPicker.Root
      ref={intoView}
      className="emoji-panel"
      locale="en"
      emojibaseUrl={__EMOJI_URL__}
      columns={8}
      onEmojiSelect={({ emoji }) => onPick(emoji)}
    >
      <EmojiPicker.Search
        className="emoji-panel__search"
        aria-label={strings.boosts.search}
        placeholder={strings.boosts.search}
        autoFocus
      />
      <EmojiPicker.Viewport className="emoji-panel__view">
        <EmojiPicker.Loading className="emoji-panel__note">{strings.loading}</EmojiPicker.Loading>
        <EmojiPicker.Empty className="emoji-panel__note">
          {strings.boosts.noEmoji}
        </EmojiPicker.Empty>
        <EmojiPicker.List
          className="emoji-panel__list"
          components={{
            CategoryHeader: ({ category, ...props }) => (
              <div className="emoji-panel__heading" {...props}>
                {category.label}
              </div>
            ),
            Row: ({ children, ...props }) => (
              <div className="emoji-panel__row" {...props}>
                {children}
              </div>
            ),
            Emoji: ({ emoji, ...props }) => (
              <button type="button" className="emoji-panel__emoji" {...props}>
                {emoji.emoji}
              </button>
            ),
          }}
        />
      </EmojiPicker.Viewport>
    </EmojiPicker.Root>
  );
}
