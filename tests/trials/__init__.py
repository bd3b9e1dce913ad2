"""Heavy trials, run by `make trial`; their files are not named test_… so that the suite leaves them out."""
