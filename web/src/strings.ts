import { bots } from "./texts/bots";
import { conversation } from "./texts/conversation";
import { general } from "./texts/general";
import { people } from "./texts/people";
import { push } from "./texts/push";
import { rooms } from "./texts/rooms";
import { search } from "./texts/search";
import { signIn } from "./texts/sign-in";

/** Every text of the interface, in one place, so that it can be translated. */
export const strings = {
  ...general,
  ...signIn,
  ...conversation,
  ...rooms,
  ...people,
  ...search,
  ...bots,
  ...push,
};
