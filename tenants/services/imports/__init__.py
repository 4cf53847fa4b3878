"""Many rows at once, all or none: each is matched with what is there, so that a second time changes nothing."""
