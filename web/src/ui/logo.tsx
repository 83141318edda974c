interface Props {
  /** The account's own logo; without one, Campfire's. */
  src?: string | null | undefined;
}

/** The logo of the account. Decorative: the name is shown next to it. */
export function Logo({ src }: Props) {
  if (src) return <img className="logo" src={src} alt="" />;
  return (
    <svg className="logo" viewBox="0 0 64 64" aria-hidden="true" focusable="false">
      <circle className="logo__night" cx="32" cy="32" r="32" />
      <path
        className="logo__flame"
        d="M33 9c2 8 14 13 14 26a15 15 0 0 1-30 0c0-7 4-10 6-15 2 3 3 4 4 7 4-5 6-11 6-18z"
      />
      <path
        className="logo__glow"
        d="M33 27c1 5 7 8 7 14a8 8 0 0 1-16 0c0-4 2-5 3-8 1 1 2 2 2 4 2-3 4-6 4-10z"
      />
      <path className="logo__wood" d="M15 50.5 49 56M49 50.5 15 56" />
    </svg>
  );
}
