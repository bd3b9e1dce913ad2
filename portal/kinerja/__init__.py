"""e-kinerja: what an employee did in a day, and who vouches for it."""
