"""Forms: parse and coerce only; no query, no rule of the domain."""
