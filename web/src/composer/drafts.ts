import { KeptTexts } from "./draft-store";

/** What somebody was writing in each room, by the room's number. */
export const drafts = new KeptTexts("campfire-draft");
