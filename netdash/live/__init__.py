"""Keep everyone current: the only importer of redis; imports engine, models and topology."""
