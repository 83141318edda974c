import { useState } from "react";
import { classNames } from "./button";
import { readableTextColor } from "./contrast";

interface Props {
  initials: string;
  /** A CSS colour. */
  color: string;
  src?: string | null;
}

/** A round picture of somebody, or their initials on their colour. The name stands elsewhere. */
export function Avatar({ initials, color, src }: Props) {
  const [broken, setBroken] = useState(false);
  return (
    <span
      className="avatar"
      style={{ backgroundColor: color, color: readableTextColor(color) }}
      aria-hidden="true"
    >
      <span className={classNames("avatar__initials", sizeFor(initials))}>{initials}</span>
      {src && !broken && (
        <img
          className="avatar__image"
          src={src}
          alt=""
          loading="lazy"
          onError={() => setBroken(true)}
        />
      )}
    </span>
  );
}

/** The more letters, the smaller: they must stay inside the circle. */
function sizeFor(initials: string): string | null {
  const letters = [...initials].length;
  if (letters > 3) return "avatar__initials--longer";
  return letters > 2 ? "avatar__initials--long" : null;
}
