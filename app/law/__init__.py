"""The law told to people: a page for every track, made from its declaration, in both languages."""
