"""The in-memory broker: queues with leases, dead letters and a store, behind the port."""
