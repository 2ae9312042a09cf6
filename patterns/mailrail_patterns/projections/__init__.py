"""Pure folds over events: queues, actors, metrics, series, and the frozen views made of them."""
