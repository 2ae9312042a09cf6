"""Virtual time, actors, chance and the journal; knows no queue and no pattern."""
