import { useQueryClient } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { api, unwrap } from "../api/client";
import { strings } from "../strings";
import { Button } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { Panel } from "../ui/panel";
import { ProblemText } from "../ui/problem-text";
import { Switch } from "../ui/switch";
import { useToast } from "../ui/toasts";
import { useDebounced } from "../ui/use-debounced";
import { useTask } from "../ui/use-task";
import { maxStylesBytes, previewStyles, reloadSavedStyles, sizeOf } from "./custom-styles";
import { updateCachedAccount } from "./queries";

/** How long typing must pause before the preview updates, in milliseconds. */
const pause = 300;

/** The editor for custom styles, with a preview. */
export function StylesEditor({ saved, myId }: { saved: string; myId: number }) {
  const id = useId();
  const cache = useQueryClient();
  const toast = useToast();
  // Unsaved changes stay in this tab's session storage, by user, while the user is on another page.
  const draftKey = `campfire-custom-styles-${myId}`;
  const [css, setDraft] = useState(() => sessionStorage.getItem(draftKey) ?? saved);
  const [isRestoredDraft, setIsRestoredDraft] = useState(css !== saved);
  const setCss = (text: string) => {
    setDraft(text);
    setIsRestoredDraft(false);
    if (text === saved) sessionStorage.removeItem(draftKey);
    else sessionStorage.setItem(draftKey, text);
  };
  const [isPreviewing, setIsPreviewing] = useState(false);
  const [isConfirming, setIsConfirming] = useState(false);
  const rules = usePreview(useDebounced(css, pause), isPreviewing);
  const tooLong = sizeOf(css) > maxStylesBytes;

  const store = async (custom_styles: string) => {
    updateCachedAccount(
      cache,
      await unwrap(api.PATCH("/api/v1/account", { body: { custom_styles } })),
    );
    sessionStorage.removeItem(draftKey);
    reloadSavedStyles();
  };
  const save = useTask(async () => {
    await store(css);
    setIsRestoredDraft(false);
    setIsPreviewing(false);
    toast({ text: strings.account.stylesSaved });
  });
  const restore = useTask(async (before: string) => {
    await store(before);
    setDraft(before);
    toast({ text: strings.account.stylesSaved });
  });
  const reset = async () => {
    const before = saved;
    await store("");
    setDraft("");
    setIsPreviewing(false);
    setIsConfirming(false);
    const action = { label: strings.actions.undo, run: () => restore.run(before) };
    toast({ text: strings.account.stylesRemoved, action, duration: 15_000 });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (!tooLong) save.run();
  };

  return (
    <Panel>
      <p className="styles-editor__warning">
        <TriangleAlert aria-hidden="true" />
        {strings.account.stylesWarning}
      </p>
      {isRestoredDraft && (
        <p className="panel__note styles-editor__kept" role="status">
          {strings.account.stylesKept}
          <Button onClick={() => setCss(saved)}>{strings.account.stylesDiscard}</Button>
        </p>
      )}
      <div className="field">
        <label className="field__label" htmlFor={id}>
          {strings.account.stylesLabel}
        </label>
        <textarea
          id={id}
          className="styles-editor__text"
          value={css}
          rows={16}
          dir="ltr"
          wrap="off"
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          aria-describedby={`${id}-note`}
          onChange={(event) => setCss(event.target.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      <Switch
        checked={isPreviewing}
        hint={strings.account.stylesPreviewHint}
        onChange={(event) => setIsPreviewing(event.target.checked)}
      >
        {strings.account.stylesPreview}
      </Switch>
      {rules === 0 && css.trim() !== "" && (
        <p className="panel__note" role="status">
          {strings.account.stylesNoRules}
        </p>
      )}
      <p className="panel__note" id={`${id}-note`}>
        {strings.account.stylesSafe(
          `${window.location.origin}/account/custom_styles/edit?safe-styles`,
        )}
      </p>
      {tooLong && (
        <p className="problem-text" role="alert">
          {strings.account.stylesTooLong(maxStylesBytes / 1024)}
        </p>
      )}
      <ProblemText error={save.error ?? restore.error} />
      <div className="panel__buttons">
        {saved !== "" && (
          <Button look="negative" onClick={() => setIsConfirming(true)}>
            {strings.account.stylesReset}
          </Button>
        )}
        <Button look="reversed" onClick={() => save.run()} busy={save.busy} disabled={tooLong}>
          {strings.account.stylesSave}
        </Button>
      </div>
      {isConfirming && (
        <Confirm
          title={strings.account.stylesResetTitle}
          text={strings.account.stylesResetText}
          action={strings.account.stylesResetAction}
          onConfirm={reset}
          onCancel={() => setIsConfirming(false)}
        />
      )}
    </Panel>
  );
}

/** Applies the preview while wanted. Returns the number of parsed rules, null without a preview. */
function usePreview(css: string, isWanted: boolean): number | null {
  const [rules, setRules] = useState<number | null>(null);
  useEffect(() => {
    if (!isWanted) return setRules(null);
    const { rules, stop } = previewStyles(css);
    setRules(rules);
    return stop;
  }, [css, isWanted]);
  return rules;
}
