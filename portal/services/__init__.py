"""What the office does for citizens: the catalogue of services, requests from the first form to the last letter, and all that lies between."""
