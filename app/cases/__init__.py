"""The file of a person: case, person, team."""
