"""Offices: places, hours, closures, and the state that follows from them."""
