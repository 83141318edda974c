import { Volume2, VolumeX } from "lucide-react";
import { strings } from "../strings";
import { IconButton } from "../ui/button";
import { mute, useMuted } from "./player";

/** Mutes and unmutes sounds on this device. */
export function MuteButton() {
  const isMuted = useMuted();
  return (
    <IconButton
      label={isMuted ? strings.sounds.unmute : strings.sounds.mute}
      onClick={() => mute(!isMuted)}
    >
      {isMuted ? <VolumeX aria-hidden="true" /> : <Volume2 aria-hidden="true" />}
    </IconButton>
  );
}
