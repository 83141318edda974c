import { Volume2 } from "lucide-react";
import { useState } from "react";
import type { Sound } from "../api/types";
import { strings } from "../strings";
import { IconButton } from "../ui/button";
import { type PlaybackFailure, play } from "./player";

/** A message that plays a sound: a button, and the sound's image or text. */
export function SoundLine({ sound }: { sound: Sound }) {
  const [failure, setFailure] = useState<PlaybackFailure | null>(null);
  const { name, url, text, image } = sound;
  return (
    <div className="message__body sound" dir="auto">
      <IconButton
        className="sound__play"
        label={strings.sounds.play(name)}
        onClick={async () => setFailure(await play(url))}
      >
        <Volume2 aria-hidden="true" />
      </IconButton>
      {image ? (
        <img
          className="sound__image"
          src={image.url}
          width={image.width}
          height={image.height}
          alt={text ?? name}
          loading="lazy"
        />
      ) : (
        <span className="sound__text">{text ?? name}</span>
      )}
      {failure && (
        <span className="sound__problem" role="alert">
          {playbackFailureText(failure)}
        </span>
      )}
    </div>
  );
}

export function playbackFailureText(failure: PlaybackFailure): string {
  if (failure === "muted") return strings.sounds.muted;
  return failure === "blocked" ? strings.sounds.blocked : strings.sounds.failed;
}
