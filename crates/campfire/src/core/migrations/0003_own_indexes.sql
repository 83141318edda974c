-- Pages of a room are ordered by moment and number; Rails' index has the room alone.
CREATE INDEX campfire_messages_in_order ON messages (room_id, created_at, id);
