import { useState } from "react";

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
    <span className="avatar" style={{ backgroundColor: color }} aria-hidden="true">
      <span className="avatar__initials">{initials}</span>
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
