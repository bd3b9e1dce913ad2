"""What people and programs see over HTTP: parse, call one verb, show."""
