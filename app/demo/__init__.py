"""A demonstration country, filled through the services, with a sign-in page of personas."""
