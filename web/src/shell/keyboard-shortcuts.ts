import { strings } from "../strings";

/** The keys that are pressed together. */
export type Stroke = readonly string[];

export interface Shortcut {
  does: string;
  /** Alternatives. */
  strokes: readonly Stroke[];
}

export interface Section {
  title: string;
  shortcuts: readonly Shortcut[];
}

/** The shortcuts, with the key names of this platform. */
export function sectionsFor(isApple: boolean): Section[] {
  const { keys, names, sections } = strings.keyboard;
  const command = isApple ? names.command : names.ctrl;
  const shortcut = (does: string, ...strokes: Stroke[]): Shortcut => ({ does, strokes });
  return [
    {
      title: sections.everywhere,
      shortcuts: [
        shortcut(keys.switcher, [command, "K"]),
        shortcut(keys.search, [command, names.shift, "F"], ["/"]),
        shortcut(keys.help, ["?"]),
        shortcut(keys.skip, [names.tab]),
        shortcut(keys.close, [names.escape]),
        shortcut(keys.undo, [command, "Z"]),
      ],
    },
    {
      title: sections.messages,
      shortcuts: [shortcut(keys.walk, [names.up], [names.down])],
    },
    {
      title: sections.searching,
      shortcuts: [
        shortcut(keys.find, [names.enter]),
        shortcut(keys.results, [names.up], [names.down]),
        shortcut(keys.clear, [names.escape]),
      ],
    },
    {
      title: sections.composer,
      shortcuts: [
        shortcut(keys.send, [names.enter]),
        shortcut(keys.lineBreak, [names.shift, names.enter]),
        shortcut(keys.sendAlways, [command, names.enter]),
        shortcut(keys.editLast, [names.up]),
        shortcut(keys.mention, ["@"]),
        shortcut(keys.accept, [names.tab], [names.enter]),
      ],
    },
    {
      title: sections.editing,
      shortcuts: [
        shortcut(keys.save, [command, names.enter]),
        shortcut(keys.lineBreak, [names.enter]),
        shortcut(keys.discard, [names.escape]),
      ],
    },
    {
      title: sections.boosting,
      shortcuts: [shortcut(keys.boost, [names.enter]), shortcut(keys.cancelBoost, [names.escape])],
    },
  ];
}
