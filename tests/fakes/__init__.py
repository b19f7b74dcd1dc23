"""Readable stand-ins for the ports, which pass the contracts that the real ones pass."""
