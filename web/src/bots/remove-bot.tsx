import { useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { statusOf } from "../api/problem";
import { strings } from "../strings";
import { Button } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { useToast } from "../ui/toasts";
import { type Bot, removeBot } from "./api";
import { removeCachedBot } from "./queries";

/** Deletes a bot after confirmation. */
export function RemoveBot({ bot }: { bot: Bot }) {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const [isConfirming, setIsConfirming] = useState(false);
  const remove = async () => {
    try {
      await removeBot(bot.id);
    } catch (error) {
      // Another administrator has deleted it already.
      if (statusOf(error) !== 404) throw error;
    }
    toast({ text: strings.bots.removed(bot.name) });
    navigate("/account/bots", { replace: true });
    removeCachedBot(cache, bot.id);
  };
  return (
    <div className="panel__buttons">
      <Button look="negative" onClick={() => setIsConfirming(true)}>
        <Trash2 aria-hidden="true" />
        {strings.bots.remove(bot.name)}
      </Button>
      {isConfirming && (
        <Confirm
          title={strings.bots.removeTitle(bot.name)}
          text={strings.bots.removeText}
          action={strings.bots.removeAction}
          onConfirm={remove}
          onCancel={() => setIsConfirming(false)}
        />
      )}
    </div>
  );
}
