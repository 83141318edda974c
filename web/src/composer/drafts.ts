import { DraftStore } from "./draft-store";

/** What somebody was writing in each room, by the room's number. */
export const messageDrafts = new DraftStore("campfire-draft");
