"""Guarantees: rules over events, judged at the event, and the judge that asks them."""
