"""Attendance: who is away, and why no more than is needed."""
